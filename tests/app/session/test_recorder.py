"""Sessions on a real disk: written whole, read back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.outputs.fanout import Fanout
from app.session.events import read_session
from app.session.journal import EVENTS, VERSION
from app.session.recorder import SYNC_AFTER_S, Recorder
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
    SessionFolder,
    Stats,
)
from tests.waiting import until

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
    after = ["paused", "resumed", "line", "drop", "gap", "error", "closed"]
    assert kinds == [*before, "question", "adjust", *after]
    assert session.events[3] == {"type": "question", "text": "Who scored?", "asked_at": 51.0}
    assert session.events[4]["changes"] == {"words_per_minute": 60}
    assert session.settings["source"] == "arena:7"
    assert session.settings["version"] == VERSION
    assert session.events[-1]["rounds"] == 2
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


def test_what_a_full_disk_refused_is_written_once_there_is_room(tiny_disk: Path) -> None:
    told: list[Message] = []
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"x" * 40_000)
    recorder = Recorder(tiny_disk, "full", {}, told.append)
    for number in range(80):
        recorder.handle(line(number, "x" * 500, number))
    full = read_session(recorder.folder)
    assert not full.cut
    assert not full.damage
    assert len(full.lines) < 60
    ballast.unlink()
    until(lambda: len(read_session(recorder.folder).lines) == 80, "the lines that had been refused")
    for number in range(80, 85):
        recorder.handle(line(number, "after", number))
    recorder.close()
    session = read_session(recorder.folder)
    assert [entry.round for entry in session.lines] == list(range(85))
    assert sum(event["type"] == "error" for event in session.events) == 0  # the stream itself sends it on
    titles = [message.title for message in told if isinstance(message, Failure)]
    assert titles == ["The session cannot be written", "The session is written again"]


def test_what_a_disk_refused_to_the_end_is_told(tiny_disk: Path) -> None:
    recorder = Recorder(tiny_disk, "full", {})
    for number in range(200):
        recorder.handle(line(number, "x" * 500, number))
    with pytest.raises(SessionError, match="records are lost"):
        recorder.close()
    recorder.close()
    session = read_session(recorder.folder)
    assert not session.cut
    assert [event["round"] for event in session.events[1:]] == list(range(len(session.events) - 1))
    assert session.is_broken_off


def test_no_more_is_kept_than_there_is_memory_for(tiny_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.session.recorder.MAX_WAITING_BYTES", 20_000)
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"x" * 55_000)
    recorder = Recorder(tiny_disk, "full", {})
    for number in range(100):
        recorder.handle(line(number, "x" * 500, number))
    ballast.unlink()
    recorder.close()
    session = read_session(recorder.folder)
    missed = [event["records"] for event in session.events if event["type"] == "missed"]
    assert len(session.lines) + sum(missed) == 100
    assert session.lines[-1].round == 99
    assert len(missed) == 1


@pytest.mark.parametrize("how", ["removed", "moved"])
def test_a_folder_that_goes_gets_a_successor_and_that_is_said_once(tmp_path: Path, how: str) -> None:
    told: list[Message] = []
    recorder = Recorder(tmp_path, "arena", {"source": "arena:7"}, told.append)
    first = recorder.folder
    recorder.handle(line(0, "before", 0))
    time.sleep(2 * SYNC_AFTER_S)  # it is on the disk by now, and not written once more
    if how == "moved":
        first.rename(tmp_path / "elsewhere")
    else:
        shutil.rmtree(first)
    for number in range(1, 4):
        recorder.handle(line(number, "after", number))
    recorder.close()
    session = read_session(recorder.folder)
    assert [entry.round for entry in session.lines] == [1, 2, 3]
    assert session.settings["continues"] == first.name
    assert session.settings["source"] == "arena:7"
    assert [message.path for message in told if isinstance(message, SessionFolder)] == [str(first), str(session.folder)]
    assert sum(isinstance(message, Failure) for message in told) == 1
    if how == "moved":
        assert [entry.round for entry in read_session(tmp_path / "elsewhere").lines] == [0]


def test_a_session_knows_whether_it_was_closed(tmp_path: Path) -> None:
    recorder = record(tmp_path, line(0, "Goal!"))
    assert not read_session(recorder.folder).is_broken_off  # it is going on
    recorder.close()
    whole = recorder.folder / EVENTS
    assert not read_session(recorder.folder).is_broken_off
    whole.write_bytes(b"".join(whole.read_bytes().splitlines(keepends=True)[:-1]))
    assert read_session(recorder.folder).is_broken_off
    whole.write_bytes(b'{"type":"settings","name":"of an older program"}\n')
    assert not read_session(recorder.folder).is_broken_off


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
    outputs.add(Recorder(tiny_disk, "full", {}, outputs.handle))
    lines = [line(number, "x" * 500, number) for number in range(400)]
    for message in [*lines, Finished(400)]:
        outputs.handle(message)
    failures = [message for message in window.heard if isinstance(message, Failure)]
    others = [message for message in window.heard if not isinstance(message, Failure | SessionFolder)]
    assert others == [*lines, Finished(400)]
    assert [failure.title for failure in failures] == ["The session cannot be written", "The session is not whole"]
    assert not any(failure.fatal for failure in failures)


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
        assert json.loads(text)["type"] in {"settings", "line", "closed"}
