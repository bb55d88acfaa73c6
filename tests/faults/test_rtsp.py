"""An RTSP server of others: how old its pictures are; what happens when it goes, falls silent or asks who we are."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.test_streams import HONEST_S, LONG, goes_away_and_comes_back, opened, read_for
from tests.quiet_clock import lost_s

pytest.importorskip("av")

from tests.faults.rtsp_camera import RtspCamera, installed

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not installed(), reason="needs python3-gi and gir1.2-gst-rtsp-server-1.0"),
]
LOGIN = ("cam", "s3cr@et")


@pytest.fixture
def camera() -> Iterator[Callable[..., RtspCamera]]:
    started: list[RtspCamera] = []

    def start(b_frames: int = 0, **options: object) -> RtspCamera:
        started.append(RtspCamera(b_frames, **options))
        return started[-1]

    yield start
    for each in started:
        each.cut()


@pytest.mark.parametrize(("b_frames", "fps"), [(0, 5), (0, 30), (2, 30), pytest.param(0, 2, marks=LONG)])
def test_the_age_of_a_picture_is_true(camera: Callable[..., RtspCamera], b_frames: int, fps: float) -> None:
    before = lost_s()
    source = opened(camera(b_frames, fps=fps).url)
    frames, notices, off = read_for(source, 4)
    source.close()
    assert frames
    assert not notices
    assert off < HONEST_S + lost_s() - before


@pytest.mark.parametrize("away_s", [1, pytest.param(10, marks=LONG)])
@pytest.mark.parametrize("how", ["cut", "silent"])
def test_it_comes_back(camera: Callable[..., RtspCamera], how: str, away_s: float) -> None:
    goes_away_and_comes_back(camera(), how, away_s)


@pytest.mark.parametrize("password", [LOGIN[1], "wr0ng"])
def test_who_logs_in_watches_and_who_does_not_is_told_without_the_password(
    camera: Callable[..., RtspCamera], password: str, tmp_path: Path
) -> None:
    url = camera(login=LOGIN).url.replace("//", f"//cam:{password}@")
    command = [sys.executable, "-m", "app", "watch", url, "--seconds", "2", "--json", "--session", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=100, check=False)
    right = password == LOGIN[1]
    assert done.returncode == (0 if right else 1), done.stderr
    assert (b'"line"' in done.stdout) if right else (b"401" in done.stderr)
    for written in (done.stdout, done.stderr, *(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())):
        assert password.encode() not in written
