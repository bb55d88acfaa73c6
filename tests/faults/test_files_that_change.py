"""Files that change, vanish or are closed to us while they are watched; and Stop while a source opens."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.capture.source import CaptureOptions, Source
from app.capture.spec import open_source
from core.errors import SourceError
from core.video.reader import VideoReader
from tests.quiet_clock import lost_s, quiet_s

pytest.importorskip("av")

from tests.faults.odd_files import bars, encoded, written


def film(path: Path, seconds: int = 6) -> Path:
    return encoded(path, pictures=bars(count=10 * seconds), options={"g": "10", "bf": "0"})


def opened(path: Path, fps: float = 2.0) -> Source:
    source = open_source(str(path), CaptureOptions(fps=fps, pace="max"))
    source.open()
    return source


def rest_of(source: Source) -> int:
    frames = 0
    while source.read() is not None:
        frames += 1
    source.close()
    return frames


def test_a_file_that_is_deleted_while_it_is_watched_plays_to_its_end(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv"))
    assert source.read() is not None
    (tmp_path / "a.mkv").unlink()
    assert rest_of(source) == 11
    assert source.warning == ""


def test_a_file_that_another_takes_the_place_of_plays_to_its_end(tmp_path: Path) -> None:
    source = opened(film(tmp_path / "a.mkv"))
    assert source.read() is not None
    written(tmp_path / "b.mkv", b"other").replace(tmp_path / "a.mkv")
    assert rest_of(source) == 11


def test_a_file_that_is_cut_while_it_is_watched_ends_there(tmp_path: Path) -> None:
    path = encoded(tmp_path / "a.avi", "ffv1", "bgr0", pictures=bars(640, 480, 100))
    source = opened(path, fps=10)
    assert source.read() is not None
    os.truncate(path, path.stat().st_size // 2)
    assert 30 < rest_of(source) < 70
    assert re.search("is damaged|is cut off", source.warning)


def test_a_file_that_grows_plays_what_is_there_when_it_is_reached(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.ts", 20).read_bytes()
    growing = written(tmp_path / "a.ts", whole[: len(whole) // 2])
    source = open_source(str(growing), CaptureOptions(fps=2.0, preview_fps=2.0))
    source.open()
    assert source.read() is not None
    with growing.open("ab") as file:
        file.write(whole[len(whole) // 2 :])
    source.interrupt()
    source.close()
    assert rest_of(opened(growing)) == 40


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("closed", ["file", "folder"])
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, closed: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    path = film(inner / "a.mkv")
    (path if closed == "file" else inner).chmod(0)
    for above in tmp_path.parents[:2]:
        above.chmod(0o755)
    tmp_path.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(SourceError, match="permission denied" if closed == "file" else "does not exist"):
            VideoReader(path)
    finally:
        os.seteuid(0)


SILENT = {
    "a file": lambda folder: str(film(folder / "a.mkv")),
    "rtsp": lambda folder: "rtsp://{}/a",
    "rtmp": lambda folder: "rtmp://{}/live/a",
    "http": lambda folder: "http://{}/a",
    "https": lambda folder: "https://{}/a",
    "tcp": lambda folder: "tcp://{}",
    "udp": lambda folder: "udp://{}",
    "rtp": lambda folder: "rtp://{}",
}


@pytest.mark.parametrize("kind", SILENT)
def test_stop_while_a_source_opens_returns_within_a_second(kind: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()[:2]
        source = open_source(SILENT[kind](tmp_path).format(f"{host}:{port}"), CaptureOptions())
        opening = threading.Thread(target=_open_and_close, args=(source,))
        opening.start()
        time.sleep(0.7)
        begun = quiet_s()
        source.interrupt()
        opening.join()
    took = quiet_s() - begun
    print(f"{kind}: {took:.2f} s")
    assert took < 1.0


PROGRAMMES = """
import sys, threading, time
from app.capture.source import CaptureOptions
from app.capture.spec import open_source
source = open_source(sys.argv[1], CaptureOptions())
def watch():
    source.open()
    source.read()
    source.close()
opening = threading.Thread(target=watch)
opening.start()
time.sleep(float(sys.argv[2]))
begun = time.monotonic()
source.interrupt()
opening.join()
print(time.monotonic() - begun)
"""


@pytest.mark.parametrize("after_s", ["0.01", "0.2"])
@pytest.mark.parametrize("spec", ["arena:3", "freedoom:3"])
def test_stop_does_not_wait_for_an_import(
    spec: str, after_s: str, plain_environment: dict[str, str], checkout: Path
) -> None:
    """In a process of its own, which has imported nothing yet and closes all before it ends."""
    if spec.startswith("freedoom"):
        pytest.importorskip("vizdoom")
    command = [sys.executable, "-c", PROGRAMMES, spec, after_s]
    before = lost_s()
    done = subprocess.run(command, env=plain_environment, cwd=checkout, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 1.0 + lost_s() - before
    assert done.stderr == ""


def _open_and_close(source: Source) -> None:
    with closing(source):
        source.open()
        source.read()
