"""The whole library in another folder: on the same disk and on another one, and when it cannot be."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import main
from app.folders import sessions_folder, set_sessions_folder
from app.library.library import Library
from app.library.moving import move_library
from app.session import notes
from core.errors import SessionError
from tests.app.library.sessions import DAY_S, FIRST, record

MEMORY = Path("/dev/shm")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of two sessions, with an index and a file of somebody's own."""
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("COURTSIDE_SESSIONS_DIR")
    root = tmp_path / "sessions"
    set_sessions_folder(root)
    record(root / "one", FIRST, ["A fine goal."])
    (root / "one" / "seen").mkdir()
    (root / "one" / "seen" / "0.000.jpg").write_bytes(b"picture")
    notes.rename(record(root / "two", FIRST + DAY_S, ["Saved."]), "The second")
    found(root, "goal")
    return root


def found(root: Path, word: str) -> list[str]:
    library = Library(root)
    library.update()
    folders = [hit.folder for hit in library.search(word)]
    library.close()
    return folders


@pytest.fixture
def other_disk() -> Iterator[Path]:
    if not MEMORY.is_dir():
        pytest.skip("no second file system to move to")
    folder = Path(tempfile.mkdtemp(dir=MEMORY))
    yield folder / "library"
    shutil.rmtree(folder)


@pytest.mark.parametrize("place", ["same", "other"])
def test_everything_comes_along(root: Path, tmp_path: Path, other_disk: Path, place: str) -> None:
    target = tmp_path / "elsewhere" / "library" if place == "same" else other_disk
    assert move_library(root, target) == 2
    assert sessions_folder() == target
    assert not root.exists()
    assert (target / "one" / "seen" / "0.000.jpg").read_bytes() == b"picture"
    assert found(target, "goal") == ["one"]
    assert found(target, "second") == ["two"]


def test_into_a_library_that_is_there_and_what_is_no_session_stays(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "other"
    record(target / "one", FIRST, ["Another one."])
    (root / "list.txt").write_text("mine")
    move_library(root, target)
    assert {path.name for path in target.iterdir()} == {"one", "one (2)", "two"}
    assert [path.name for path in root.iterdir()] == ["list.txt"]


def test_by_a_command(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sessions", "move", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out == f"2 sessions are in {tmp_path / 'new'} now\n"
    record(tmp_path / "stick" / "three", FIRST, ["From elsewhere."])
    assert main(["sessions", "import", str(tmp_path / "stick")]) == 0
    assert main(["sessions", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 3


def test_what_cannot_be_changes_nothing(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    for target, said in (
        (root, "where it is"),
        (root / "in", "inside"),
        (tmp_path, "around"),
        (tmp_path / "file", "no"),
    ):
        with pytest.raises(SessionError, match=said):
            move_library(root, target)
    with (root / "two" / "events.jsonl").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(SessionError, match="two is being recorded"):
            move_library(root, tmp_path / "new")

    def full(source: str, target: str) -> str:
        if "two" in source:
            raise OSError(28, "No space left on device")
        return str(shutil.copyfile(source, target))

    monkeypatch.setattr("app.library.moving.linked_or_copied", full)
    with pytest.raises(SessionError, match="Cannot import"):
        move_library(root, tmp_path / "new")
    assert sessions_folder() == root
    assert found(root, "goal") == ["one"]
    monkeypatch.undo()
