"""The library: found again by word, day, source and model, whatever happens to the index."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.library import database
from app.library.library import Library
from app.library.query import Filter, as_typed, day, match_expression
from app.session import notes
from app.session.journal import EVENTS
from core.errors import SessionError, UsageError
from tests.app.library.sessions import DAY_S, FIRST, record, said


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three sessions on three days."""
    root = tmp_path / "sessions"
    record(root / "one", FIRST, ["A fine goal by Keller!", "Saved by the keeper.", ""])
    record(root / "two", FIRST + DAY_S, ["The own goal.", "Harbour lead 2-1."], source="screen:1", model="owner/big")
    record(root / "three", FIRST + 2 * DAY_S, ["Überraschung!"], source="match.mp4", context="Cup final")
    return root


@pytest.fixture
def library(root: Path) -> Iterator[Library]:
    with closing(Library(root)) as library:
        library.update()
        yield library


def found(library: Library, text: str, **chosen: object) -> list[str]:
    return [hit.text for hit in library.search(text, Filter(**chosen))]


def test_sessions_are_told_newest_first(library: Library) -> None:
    rows = library.sessions()
    assert [row.folder for row in rows] == ["three", "two", "one"]
    assert [(row.lines, row.words, row.length_s) for row in rows] == [(1, 1, 1.0), (2, 6, 2.0), (2, 9, 3.0)]
    assert (rows[1].source, rows[1].model, rows[2].model) == ("screen:1", "owner/big", "bundled")


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("goal", ["The own goal.", "A fine goal by Keller!"]),
        ("GOAL keller", ["A fine goal by Keller!"]),
        ('"own goal"', ["The own goal."]),
        ('"goal own"', []),
        ("kee*", ["Saved by the keeper."]),
        ("uberrasch*", ["Überraschung!"]),
        ("2-1", ["Harbour lead 2-1."]),
        ("cup", ["Cup final"]),
    ],
)
def test_words_phrases_and_beginnings(library: Library, text: str, hits: list[str]) -> None:
    assert found(library, text) == hits


def test_what_was_found_is_marked(library: Library) -> None:
    hit = library.search("goal kell*")[0]
    assert [hit.text[start:end] for start, end in hit.spans] == ["goal", "Keller"]
    assert (hit.folder, hit.kind, hit.at) == ("one", "line", 0.0)


@pytest.mark.parametrize(
    "text", ["NEAR(", "a:b", "text : x", '"', "goal AND", "-goal", "goal)", "{}^*", "a OR", "\x00x"]
)
def test_nothing_typed_is_syntax(library: Library, text: str) -> None:
    try:
        library.search(text)
    except UsageError as error:
        assert "Nothing to search for" in str(error)  # noqa: PT017 - both ends are right, a database error is not


def test_filters(library: Library) -> None:
    assert found(library, "goal", source="SCREEN") == ["The own goal."]
    assert found(library, "goal", model="bundled") == ["A fine goal by Keller!"]
    assert found(library, "goal", since=day("2026-01-06")) == ["The own goal."]
    assert found(library, "goal", until=day("2026-01-05", end=True)) == ["A fine goal by Keller!"]
    assert [row.folder for row in library.sessions(Filter(since=day("2026-01-06")))] == ["three", "two"]
    with pytest.raises(UsageError, match="Unknown day"):
        day("2026-02-30")


def test_typing_goes_on() -> None:
    assert match_expression(as_typed("own go")) == '"own" AND "go"*'
    assert match_expression(as_typed('"own go')) == '"own go"'


def test_notes_questions_and_titles_are_found(root: Path, library: Library) -> None:
    with (root / "one" / EVENTS).open("a") as file:
        file.write(json.dumps({"type": "question", "text": "Who scored?", "asked_at": 1.0}) + "\n")
    notes.note(root / "one", "strange refereeing", at=1.5)
    notes.mark(root / "one", 1.0, "look here")
    notes.rename(root / "one", "The friendly")
    notes.tag(root / "one", ["training"])
    assert library.update() == 1
    kinds = [library.search(text)[0].kind for text in ("scored", "refereeing", "look", "friendly", "training")]
    assert kinds == ["question", "note", "mark", "title", "title"]
    row = library.sessions(Filter(tag="train"))[0]
    assert (row.folder, row.title, row.questions, row.marks, row.lines) == ("one", "The friendly", 1, 1, 2)
    notes.mark(root / "one", 2.0)
    assert library.update() == 1
    assert library.sessions(Filter(folder="one"))[0].marks == 2


def test_only_what_is_new_is_read(root: Path, library: Library) -> None:
    assert library.update() == 0
    with (root / "one" / EVENTS).open("a") as file:
        file.write(json.dumps(said(3, "Offside!")) + '\n{"type":"line","rou')
    assert library.update() == 1
    assert found(library, "offside") == ["Offside!"]
    assert found(library, "keeper") == ["Saved by the keeper."]
    row = library.sessions(Filter(folder="one"))[0]
    assert (row.lines, row.damaged) == (3, 0)
    assert row.file_bytes - row.read_bytes == len('{"type":"line","rou')


def test_a_session_that_goes_or_is_replaced(root: Path, library: Library) -> None:
    shutil.rmtree(root / "one")
    shutil.rmtree(root / "two")
    record(root / "two", FIRST + DAY_S, ["Something else."])
    assert library.update() == 2
    assert found(library, "goal") == []
    assert found(library, "else") == ["Something else."]
    assert [row.folder for row in library.sessions()] == ["three", "two"]


def test_two_sessions_of_one_moment(root: Path, library: Library) -> None:
    record(root / "four", FIRST, ["A twin."])
    library.update()
    assert len(library.sessions()) == 4
    assert (found(library, "twin"), found(library, "keeper")) == (["A twin."], ["Saved by the keeper."])


@pytest.mark.parametrize("harm", ["missing", "cut", "noise", "schema", "text"])
def test_the_index_is_made_anew(root: Path, library: Library, harm: str) -> None:
    library.close()
    path = root / database.FILE
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif harm == "noise":
        data = path.read_bytes()
        path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))
    elif harm == "schema":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 7")
    else:
        path.write_text("no database")
    with closing(Library(root)) as again:
        again.update()
        assert [row.folder for row in again.sessions()] == ["three", "two", "one"]
        assert found(again, "goal") == ["The own goal.", "A fine goal by Keller!"]


def test_damage_seen_only_by_a_search_is_mended(root: Path, library: Library) -> None:
    library.close()
    with closing(sqlite3.connect(root / database.FILE)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("UPDATE words_data SET block = x'00ff00ff' WHERE id > 10")
        connection.commit()
    with closing(Library(root)) as again:
        again.update()
        assert found(again, "goal") == ["The own goal.", "A fine goal by Keller!"]
        assert any("made anew" in note for note in again.notes)


def test_every_odd_session_is_listed(root: Path, library: Library) -> None:
    odd = {
        "empty": b"",
        "half": b'{"type":"settings","name":"h","started_at":1e9}\n{"type":"li',
        "zeroed": b"\0" * 4096 + b"\n" + json.dumps(said(0, "After the hole.")).encode() + b"\n",
        "newer": b'{"type":"settings","version":9,"name":{"a":1},"started_at":"?"}\n{"type":"dance"}\n',
        "far": b'{"type":"settings","started_at":1e308}\n',
        "no settings": json.dumps(said(0, "Bare.")).encode() + b"\n",
    }
    for name, data in odd.items():
        (root / name).mkdir()
        (root / name / EVENTS).write_bytes(data)
    (root / "no session").mkdir()
    (root / "a file").write_text("x")
    assert library.update() == len(odd)
    assert {row.folder for row in library.sessions()} == {"one", "two", "three", *odd}
    assert library.sessions(Filter(folder="zeroed"))[0].damaged == 1
    assert (found(library, "hole"), found(library, "bare")) == (["After the hole."], ["Bare."])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with closing(Library(tmp_path / "none")) as library:
        assert library.update() == 0
        assert library.sessions() == []
        assert library.notes == [f"No sessions yet: {tmp_path / 'none'} does not exist"]
        with pytest.raises(SessionError, match="there is none"):
            library.find("latest")
    assert not (tmp_path / "none").exists()


def test_a_disk_that_cannot_be_written(root: Path, tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    shown.mkdir()
    if os.geteuid() or subprocess.run(["mount", "--bind", root, shown], capture_output=True, check=False).returncode:
        pytest.skip("cannot mount here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", shown], check=True)
        with closing(Library(shown)) as library:
            library.update()
            assert found(library, "goal") == ["The own goal.", "A fine goal by Keller!"]
            assert "cannot be written" in library.notes[0]
    finally:
        subprocess.run(["umount", "-l", shown], check=True)


def test_a_disk_that_vanishes(root: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "tmpfs", disk]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount here")
    try:
        record(disk / "one", FIRST, ["A goal."])
        with closing(Library(disk)) as library:
            library.update()
            subprocess.run(["umount", "-l", disk], check=True)
            assert library.update() in (0, 1)
            with closing(Library(disk)) as after:
                after.update()
                assert after.sessions() == []
    finally:
        subprocess.run(["umount", "-l", disk], capture_output=True, check=False)


def test_an_index_that_cannot_be_read_is_said(root: Path, library: Library) -> None:
    library.close()
    with pytest.raises(SessionError, match="The library cannot be read"):
        library.sessions()


def test_the_index_is_for_its_user_alone(root: Path, library: Library) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in root.glob(database.FILE + "*")}
    assert set(modes.values()) == {0o600}


def test_a_session_is_named_by_path_title_or_beginning(root: Path, library: Library) -> None:
    notes.rename(root / "one", "The friendly")
    library.update()
    names = ["one", "The friendly", "The fr", str(root / "one"), str(root / "one" / EVENTS)]
    assert [library.find(name) for name in names] == [root / "one"] * 5
    assert library.find("latest") == root / "three"
    with pytest.raises(UsageError, match="Several"):
        library.find("t")
    with pytest.raises(SessionError, match="No such session"):
        library.find("nothing")


UPDATE = """
import sys
from pathlib import Path
from app.library.library import Library
for _ in range(20):
    library = Library(Path(sys.argv[1]))
    library.update()
    assert not library.notes, library.notes
    library.search("goal")
    library.close()
"""


def test_two_programs_on_one_library(library_of: Callable[[int, int], Path], plain_environment: dict[str, str]) -> None:
    root = library_of(30, 40)
    grow = threading.Event()

    def write() -> None:
        number = 40
        while not grow.wait(0.01):
            for folder in sorted(root.iterdir())[:5]:
                if folder.is_dir():
                    with (folder / EVENTS).open("a") as file:
                        file.write(json.dumps(said(number, "another goal")) + "\n")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    command = [sys.executable, "-c", UPDATE, str(root)]
    programs = [subprocess.Popen(command, env=plain_environment, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [program.communicate()[1].decode() for program in programs]
    grow.set()
    writer.join()
    assert [program.returncode for program in programs] == [0, 0], errors
    with closing(Library(root)) as library:
        library.update()
        lines = sum((folder / EVENTS).read_bytes().count(b'"line"') for folder in root.iterdir() if folder.is_dir())
        assert sum(row.lines for row in library.sessions()) == lines
        assert len({row.folder for row in library.sessions()}) == 30


def times_ms(work: Callable[[], object], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return taken


SEARCHES = ["the", "goal", "g*", "go*", "goal keeper", '"of the"', "xavier", "window3*", "nowhere", '"first half" left']


def measured(root: Path) -> dict[str, float]:
    """Milliseconds: the worst of the searches' medians, and opening (with the look at every folder and the list)."""
    with closing(Library(root)) as library:
        oldest = library.sessions()[-1]
        filters = [Filter(), Filter(source="arena:3"), Filter(model="big", since=FIRST + 5 * DAY_S)]
        filters += [Filter(folder=oldest.folder), Filter(source="none"), Filter(until=FIRST + 150 * DAY_S)]
        taken = {
            (text, chosen): statistics.median(times_ms(lambda t=text, c=chosen: library.search(t, c), 5))
            for text in SEARCHES
            for chosen in filters
        }

    def opened() -> None:
        with closing(Library(root)) as library:
            assert library.update() == 0
            assert library.sessions()

    worst = max(taken, key=lambda key: taken[key])
    figures = {"search_ms": taken[worst], "open_ms": statistics.median(times_ms(opened, 5))}
    print(figures, worst)
    return figures


def test_searching_and_opening_are_quick(library_of: Callable[[int, int], Path]) -> None:
    root = library_of(100, 200)
    with closing(Library(root)) as library:
        assert library.update() == 100
    figures = measured(root)
    assert figures["search_ms"] < 50
    assert figures["open_ms"] < 300


@pytest.mark.slow
def test_a_library_of_a_million_lines(library_of: Callable[[int, int], Path]) -> None:
    root = library_of(1000, 1000)
    began = time.perf_counter()
    with closing(Library(root)) as library:
        assert library.update() == 1000
        assert sum(row.lines for row in library.sessions()) == 1_000_000
    print({"build_s": time.perf_counter() - began, "index_mb": (root / database.FILE).stat().st_size / 1e6})
    figures = measured(root)
    assert figures["search_ms"] < 50
    assert figures["open_ms"] < 300


def test_a_session_that_was_broken_off_is_told(root: Path, library: Library) -> None:
    """One is closed, one is being written, and of one the program is gone without a closing record."""
    for number, name in enumerate(("closed", "written", "killed")):
        record(root / name, FIRST + number, ["Goal!"], version=1)
    with (root / "closed" / EVENTS).open("a") as file:
        file.write('{"type":"closed","closed_at":1.0,"rounds":1}\n')
    with (root / "written" / EVENTS).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        library.update()
        assert [row.folder for row in library.sessions() if row.broken_off] == ["killed"]
    assert {row.folder for row in library.sessions() if row.broken_off} == {"killed", "written"}
