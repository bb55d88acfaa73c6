"""Sessions on a real disk: written whole, read back."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.outputs.fanout import Fanout
from app.session.events import read_session
from app.session.recorder import EVENTS, Recorder
from core.errors import SessionError
from core.messages import (
    Adjust,
    Ask,
    CommandSent,
    Drop,
    Failure,
    Finished,
    Gap,
    Line,
    Message,
    Paused,
    Piece,
    Ready,
    Resumed,
    Stats,
)

STATS = Stats(0, 0.2, 0.1, 0.05, 0.0, 0.05, 0.1, 5, 300, 4096, 12.0, 1 << 28, 0)


def line(start: float, text: str, number: int = 0) -> Line:
    return Line(number, start, start + 1, text, 50 + start, 50.2 + start, (1, 2))


def record(root: Path, *messages: Message, name: str = "arena:7") -> Recorder:
    recorder = Recorder(root, name, {"source": "arena:7", "fps": 2.0})
    for message in messages:
        recorder.handle(message)
    return recorder


def test_everything_that_matters_is_kept_in_order(tmp_path: Path) -> None:
    recorder = record(tmp_path, Ready("m", "cpu", "f", 1, 1.0), Piece(0, "Go"), line(0, "Goal!"), STATS)
    recorder.handle(CommandSent(Ask("Who scored?"), 51.0))
    recorder.handle(CommandSent(Adjust({"words_per_minute": 60}), 51.5))
    for message in (
        Paused(1),
        Resumed(1),
        line(1, ""),
        Drop("behind", 2, 1.5),
        Gap(2, 3, "dropped"),
        Failure("T", "M", fatal=False),
    ):
        recorder.handle(message)
    recorder.handle(Finished(2))
    recorder.close()
    session = read_session(recorder.folder)
    kinds = [event["type"] for event in session.events]
    before = ["settings", "line", "stats"]
    after = ["paused", "resumed", "line", "drop", "gap", "error"]
    assert kinds == [*before, "question", "adjust", *after]
    assert session.events[3] == {"type": "question", "text": "Who scored?", "asked_at": 51.0}
    assert session.events[4]["changes"] == {"words_per_minute": 60}
    assert session.settings["source"] == "arena:7"
    assert session.lines == [line(0, "Goal!")]
    assert not session.cut
    assert read_session(recorder.folder / EVENTS) == session


def test_the_folder_is_named_for_a_person_and_never_shared(tmp_path: Path) -> None:
    folders = [record(tmp_path, name='a/b:"c"?').folder for _ in range(3)]
    assert len(set(folders)) == 3
    assert all(folder.parent == tmp_path for folder in folders)
    assert folders[0].name[:4].isdigit()
    assert folders[0].name.endswith("a-b-c")


def test_events_are_on_the_disk_before_the_next_one(tmp_path: Path) -> None:
    recorder = record(tmp_path)
    for number in range(5):
        recorder.handle(line(number, f"line {number}", number))
        assert len(read_session(recorder.folder).events) == number + 2
    recorder.close()
    recorder.close()


@given(cut=st.integers(0, 400))
def test_a_file_cut_anywhere_gives_every_whole_line(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    recorder = record(tmp_path_factory.mktemp("s"), line(0, "Überraschung “0:1”", 0), line(1, "two", 1))
    recorder.close()
    file = recorder.folder / EVENTS
    whole = file.read_bytes()
    file.write_bytes(whole[:cut])
    session = read_session(recorder.folder)
    assert len(session.events) == whole[:cut].count(b"\n")
    assert session.cut == (cut > 0 and not whole[:cut].endswith(b"\n"))


def test_a_folder_that_is_no_session_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="No such session"):
        read_session(tmp_path)


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SessionError, match="cannot be written"):
        Recorder(tmp_path / "file", "a", {})
    if os.geteuid() != 0:
        (tmp_path / "locked").mkdir(mode=0o500)
        with pytest.raises(SessionError, match="Permission denied"):
            Recorder(tmp_path / "locked", "a", {})


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 64 KiB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a tiny disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount here: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_is_said_and_what_was_written_stays_whole(tiny_disk: Path) -> None:
    recorder = Recorder(tiny_disk, "full", {})
    kept = 0

    def fill() -> None:
        nonlocal kept
        for kept in range(400):
            recorder.handle(line(kept, "x" * 500, kept))

    with pytest.raises(SessionError, match="No space left"):
        fill()
    recorder.close()
    session = read_session(recorder.folder)
    assert not session.cut
    assert [event["round"] for event in session.events[1:]] == list(range(kept))


class Shown:
    """Notes what it was given."""

    name = "The window"

    def __init__(self) -> None:
        self.heard: list[Message] = []

    def handle(self, message: Message) -> None:
        self.heard.append(message)

    def close(self) -> None:
        pass


def test_the_commentary_goes_on_when_the_disk_is_full(tiny_disk: Path) -> None:
    window = Shown()
    outputs = Fanout([window])
    outputs.add(Recorder(tiny_disk, "full", {}))
    lines = [line(number, "x" * 500, number) for number in range(400)]
    for message in [*lines, Finished(400)]:
        outputs.handle(message)
    failures = [message for message in window.heard if isinstance(message, Failure)]
    assert [message for message in window.heard if message not in failures] == [*lines, Finished(400)]
    assert len(failures) == 1
    assert not failures[0].fatal


def test_a_line_is_on_the_disk_before_it_is_shown(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "order", {})
    kept: list[int] = []

    class Reads(Shown):
        def handle(self, message: Message) -> None:
            kept.append(len(read_session(recorder.folder).lines))

    outputs = Fanout([Reads()])
    outputs.add(recorder)
    for number in range(3):
        outputs.handle(line(number, "Goal!", number))
    outputs.close()
    assert kept == [1, 2, 3]


def test_lines_of_the_file_are_json_of_their_own(tmp_path: Path) -> None:
    recorder = record(tmp_path, line(0, "a\nb"), line(1, ""))
    recorder.close()
    for text in (recorder.folder / EVENTS).read_text("utf-8").splitlines():
        assert json.loads(text)["type"] in {"settings", "line"}
