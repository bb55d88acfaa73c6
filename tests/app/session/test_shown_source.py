"""No password of an older session is shown anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.addresses import shown_address
from app.cli import main

SHOWN = [
    ("arena:3", "arena:3"),
    ("/films/a@b?.mp4", "/films/a@b?.mp4"),
    ("rtsp://host/stream", "rtsp://host/stream"),
    ("rtsp://cam:secret@host/stream", "rtsp://…@host/stream"),
    ("http://cam:p@ss@127.0.0.1:8955/401", "http://…@127.0.0.1:8955/401"),
    ("http://cam:sec/ret@host/x", "http://…@host/x"),
    ("https://host/live?token=secret&x=1", "https://host/live?…"),
    ("HTTP://u:secret@host/live?k=secret", "http://…@host/live?…"),
    ("http://u:sec?ret@host/live", "http://…@host/live"),
]


@pytest.mark.parametrize(("spec", "shown"), SHOWN)
def test_an_address_without_its_secrets(spec: str, shown: str) -> None:
    assert shown_address(spec) == shown


def test_an_older_session_tells_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path))
    (tmp_path / "old").mkdir()
    settings = {
        "type": "settings",
        "name": "rtsp://cam:hunter2@host/a",
        "source": "rtsp://cam:hunter2@host/a?t=hunter2",
    }
    said = {"type": "line", "round": 0, "start": 0, "end": 1, "text": "A goal.", "captured_at": 1, "shown_at": 1}
    (tmp_path / "old" / "events.jsonl").write_text(f"{json.dumps(settings)}\n{json.dumps(said)}\n")
    for words in (["list"], ["search", "goal"], ["show"], ["export", "--to", "html"], ["export", "--to", "md"]):
        for form in ([], ["--json"]):
            assert main(["sessions", *words, *form]) == 0
            shown = capsys.readouterr()
            assert "hunter2" not in shown.out + shown.err
            assert shown.out
    assert main(["sessions", "search", "hunter2"]) == 0
    assert not capsys.readouterr().out
