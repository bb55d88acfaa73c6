"""The last lines in a file that another program reads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.outputs.fanout import Fanout
from app.outputs.queued_output import CLOSE_WITHIN_S
from app.outputs.text_file import TextFile, TextFileOptions
from app.settings import Settings, output_options
from core.errors import UsageError
from core.messages import Cleared, Failure, Finished, Line, Message, Piece
from tests.quiet_clock import quiet_s
from tests.waiting import until


def line(number: int, text: str = "") -> Line:
    return Line(number, number, number + 1, text, 0.0, 0.1)


def opened(path: Path, told: list[Message], *, lines: int = 2, keep: bool = False) -> TextFile:
    return TextFile(TextFileOptions(str(path), lines=lines, keep=keep), told.append)


def test_it_has_the_last_lines_with_words_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "now.txt"
    output = opened(path, [], lines=2, keep=True)
    assert path.read_bytes() == b""
    for message in (line(0, "One"), Piece(1, "T"), line(1, "Two\nand more"), line(2), line(3, "Drei: größer")):
        output.handle(message)
    output.close()
    assert path.read_text("utf-8") == "Two and more\nDrei: größer\n"
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_emptied_by_the_panic_key_and_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "now.txt"
    output = opened(path, [])
    output.handle(line(0, "One"))
    until(lambda: path.read_text() == "One\n", "the line")
    output.handle(Cleared())
    until(lambda: path.read_text() == "", "nothing")
    output.handle(line(1, "Two"))
    output.close()
    assert path.read_text() == ""


def test_a_reader_finds_a_whole_text_at_any_time(tmp_path: Path) -> None:
    path = tmp_path / "now.txt"
    output = opened(path, [], lines=1)
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_text())

    reader = threading.Thread(target=read)
    reader.start()
    texts = [letter * 20_000 for letter in "abcdefghij"]
    for number, text in enumerate(texts * 5):
        output.handle(line(number, text))
    output.close()
    done.set()
    reader.join()
    assert seen <= {"", *(f"{text}\n" for text in texts)}
    assert len(seen) > 2


def test_a_folder_that_vanishes_is_told_once_and_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "stream"
    folder.mkdir()
    told: list[Message] = []
    output = opened(folder / "now.txt", told)
    shutil.rmtree(folder)
    for number in range(3):
        output.handle(line(number, "unseen"))
    until(lambda: told, "the message")
    folder.mkdir()
    output.handle(line(3, "seen"))
    until(lambda: (folder / "now.txt").is_file(), "the file")
    (failure,) = told
    assert isinstance(failure, Failure)
    assert not failure.fatal
    assert "No such file or directory" in failure.message
    output.close()
    assert (folder / "now.txt").read_text() == ""


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a tiny disk")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def fill(path: Path) -> None:
    """Takes all that is left, byte by byte."""
    with path.open("ab", buffering=0) as filling:
        while filling.write(b"x" * 512):
            pass


def test_a_full_disk_is_told_once_and_the_old_text_stays(tiny_disk: Path) -> None:
    told: list[Message] = []
    path = tiny_disk / "now.txt"
    output = opened(path, told)
    output.handle(line(0, "before"))
    until(lambda: path.read_text() == "before\n", "the line")
    rest = tiny_disk / "rest"
    with pytest.raises(OSError, match="No space"):
        fill(rest)
    for number in (1, 2):
        output.handle(line(number, "x" * 9000))
    until(lambda: told, "the message")
    assert path.read_text() == "before\n"
    rest.unlink()
    output.handle(line(3, "after"))
    until(lambda: path.read_text().endswith("after\n"), "the line after")
    output.close()
    assert len(told) == 1


@pytest.mark.parametrize("place", ["gone/now.txt", "."])
def test_a_place_where_no_file_can_be_is_wrong_use(tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="text file cannot be written"):
        opened(tmp_path / place, [])


def test_its_own_messages_do_not_hold_the_end_up(tmp_path: Path) -> None:
    """Its thread tells of the failure while the stream's thread waits for it to end."""
    folder = tmp_path / "stream"
    folder.mkdir()
    outputs = Fanout()
    outputs.add(TextFile(TextFileOptions(str(folder / "now.txt")), outputs.handle))
    shutil.rmtree(folder)
    for number in range(100):
        outputs.handle(line(number, "unseen"))
    ended = threading.Thread(target=outputs.handle, args=[Finished(100)])
    begun = quiet_s()
    ended.start()
    ended.join()
    assert quiet_s() - begun < CLOSE_WITHIN_S - 0.5  # less than the time after which a thread is given up


def test_watch_writes_it(tmp_path: Path, checkout: Path, plain_environment: dict[str, str]) -> None:
    path = tmp_path / "now.txt"
    words = [
        "watch",
        "arena:3",
        "--seconds",
        "3",
        "--pace",
        "max",
        "--text-file",
        path,
        "--text-keep",
        "--text-lines",
        "9",
    ]
    command = [sys.executable, "-m", "app", *map(str, words)]
    done = subprocess.run(command, env=plain_environment, cwd=checkout, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert path.read_text("utf-8").splitlines() == [text.partition("  ")[2] for text in done.stdout.splitlines()]
    assert path.read_text()


def test_it_has_from_one_line_up() -> None:
    with pytest.raises(UsageError, match="1 to 50 lines, not 0"):
        TextFileOptions("now.txt", lines=0)
    with pytest.raises(UsageError, match="1 to 50 lines, not 51"):
        output_options(Settings(outputs={"text_file": {"path": "now.txt", "lines": 51}}), "text_file", TextFileOptions)
