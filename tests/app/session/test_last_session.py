"""What the next start knows of the last session."""

from __future__ import annotations

from pathlib import Path

from app.session.journal import EVENTS
from app.session.last_session import broken_off
from app.session.recorder import Recorder
from core.messages import Line


def test_only_the_newest_counts_once_nobody_writes_it(tmp_path: Path) -> None:
    assert broken_off(tmp_path) is None
    assert broken_off(tmp_path / "none") is None
    recorder = Recorder(tmp_path, "arena", {"context": "x" * 10_000})
    recorder.handle(Line(0, 0.0, 1.0, 'It is {"type":"closed"', 1.0, 1.1))
    assert broken_off(tmp_path) is None
    recorder.close()
    assert broken_off(tmp_path) is None
    events = recorder.folder / EVENTS
    events.write_bytes(events.read_bytes()[:-30])
    (tmp_path / "2020-01-01 older").mkdir()
    (tmp_path / "2020-01-01 older" / EVENTS).write_text('{"type":"settings"}\n')
    events.write_bytes(b"\n".join(events.read_bytes().split(b"\n")[:2]) + b"\n")
    assert broken_off(tmp_path) == recorder.folder
    (tmp_path / "9999-01-01 of an older program").mkdir()
    (tmp_path / "9999-01-01 of an older program" / EVENTS).write_text('{"type":"settings","name":"a"}\n')
    assert broken_off(tmp_path) is None
