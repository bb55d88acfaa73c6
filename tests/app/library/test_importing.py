"""Sessions from elsewhere come whole, once, and never in the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.library.importing import import_sessions
from app.session.events import read_session
from core.errors import SessionError
from tests.app.library.sessions import FIRST, record


def test_a_folder_of_sessions(tmp_path: Path) -> None:
    root = tmp_path / "library"
    for name in ("one", "two"):
        record(tmp_path / "stick" / name, FIRST, [f"From {name}."])
    (tmp_path / "stick" / "one" / "thumbnails").mkdir()
    (tmp_path / "stick" / "one" / "thumbnails" / "1.0.jpg").write_bytes(b"x")
    assert import_sessions(tmp_path / "stick", root) == [root / "one", root / "two"]
    assert (root / "one" / "thumbnails" / "1.0.jpg").is_file()
    assert import_sessions(tmp_path / "stick", root) == []
    record(tmp_path / "other" / "one", FIRST, ["Another."])
    assert import_sessions(tmp_path / "other" / "one", root) == [root / "one (2)"]
    assert [read_session(root / name).lines[0].text for name in ("one", "one (2)")] == ["From one.", "Another."]


def test_what_cannot_be_imported(tmp_path: Path) -> None:
    root = tmp_path / "library"
    record(root / "one", FIRST, ["Here."])
    with pytest.raises(SessionError, match="holds none"):
        import_sessions(tmp_path / "nothing", root)
    for inside in (root, root / "one"):
        with pytest.raises(SessionError, match="in the library already"):
            import_sessions(inside, root)
    record(tmp_path / "two", FIRST, ["There."])
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SessionError, match="Cannot import"):
        import_sessions(tmp_path / "two", tmp_path / "file")
    assert not list(root.glob(".importing*"))
