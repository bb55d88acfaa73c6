"""A session as a table, as objects, and as text."""

from __future__ import annotations

import csv
import io

from app.library.cues import Stretch, cues, markers
from app.session.events import Session
from app.session.plain_text import clean
from app.session.records import clock, json_line

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet runs what begins so; an apostrophe in front makes it text (OWASP, CSV injection)."""


def csv_table(session: Session, stretch: Stretch) -> str:
    """start, end, text."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["start", "end", "text"])
    rows = [(f"{cue.start:.3f}", f"{cue.end:.3f}", _cell(cue.text)) for cue in cues(session, stretch)]
    table.writerows(rows)
    return out.getvalue()


def _cell(text: str) -> str:
    return "'" + text if text.startswith(FORMULA) else text


def json_lines(session: Session, stretch: Stretch) -> str:
    """One object a line: lines, with what the model said where that was corrected, then marks, notes, questions."""
    said = {event["round"]: event["text"] for event in session.events if event["type"] == "line"}
    entries: list[dict[str, object]] = []
    for cue in cues(session, stretch):
        line = cue.line
        entry = {"type": "line", "round": line.round, "start": cue.start, "end": cue.end, "text": line.text}
        corrected = {"said": said[line.round]} if said[line.round] != line.text else {}
        entries.append({**entry, **corrected, "captured_at": line.captured_at, "shown_at": line.shown_at})
    entries += [{"type": mark.kind, "at": mark.at, "text": mark.text} for mark in markers(session, stretch)]
    return "".join(json_line(entry) + "\n" for entry in entries)


def markdown(session: Session, stretch: Stretch) -> str:
    """A list of lines with their times, marks and questions among them."""
    rows = [(cue.start, 1, _markdown_text(cue.text)) for cue in cues(session, stretch)]
    rows += [(mark.at, 0, f"*{mark.kind}* {_markdown_text(mark.text)}") for mark in markers(session, stretch)]
    lines = [f"- **{clock(at)}** {text}".rstrip() for at, _, text in sorted(rows)]
    return "\n".join([f"# {_markdown_text(session.title)}", "", *lines]) + "\n"


def _markdown_text(text: str) -> str:
    escaped = "".join("\\" + char if char in r"\`*_{}[]<>#|~&" else char for char in clean(text))
    return " ".join(escaped.split())
