"""Sessions on a real disk, as a recorder leaves them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from app.session.journal import EVENTS

DAY_S = 86_400.0
FIRST = datetime(2026, 1, 5, 12, 0).timestamp()
SPEECH = """
the a to and of in goal shot save corner foul keeper pass ball left right wide over bar post free kick throw
offside cross header tackle midfield defence attack Harbour Union Keller Xavier Axton Hollow orange blue white
red first second half minute score leads equal late early again wins loses holds clears turns runs stops opens
closes window file report error build page menu chart table user saves loads waits
"""
WORDS = SPEECH.split()


def record(folder: Path, started_at: float, texts: list[str], **settings: object) -> Path:
    """A session's folder as a recorder leaves it."""
    folder.mkdir(parents=True)
    given = {"type": "settings", "name": "arena:7", "started_at": started_at, "clock": 100.0, "source": "arena:7"}
    events = [{**given, "context": "Harbour (orange) v Union (blue)", "model": "", **settings}]
    events += [said(number, text) for number, text in enumerate(texts)]
    (folder / EVENTS).write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    return folder


def said(number: int, text: str) -> dict[str, object]:
    """A line's record: one round a second."""
    start = float(number)
    stamps = {"captured_at": 101.0 + start, "shown_at": 101.2 + start}
    return {"type": "line", "round": number, "start": start, "end": start + 1, "text": text, **stamps, "tokens": []}
