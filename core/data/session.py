"""Words from a saved Courtside session: its folder with `events.jsonl` (design, section 7).

One JSON object a line, each with a `type`. Read here: `settings` (`name`, `context`, `query`, `source`), `line`
(`round`, `start`, `end` in source seconds, `text`, `shown_at`), `question` (`text`, `asked_at` on the clock of
`shown_at`) and `correction` (`round`, `text`: what a person wrote in place of that round's line), which may also be in
`notes.jsonl`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.data.sample import QuestionAnswer, Word
from core.data.transcript import Transcript, spread
from core.errors import DataError
from core.paths import user_path

EVENTS = "events.jsonl"
NOTES = "notes.jsonl"
VIDEO = "video.mkv"
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Line:
    round: int
    start: float
    end: float
    text: str
    shown_at: float


def is_session(folder: Path) -> bool:
    return (folder / EVENTS).is_file()


def read_session(folder: Path) -> Transcript:
    """What was said in a session.

    A line's words are spread over the second it was said for, so that they come back in the same round. A line that was
    corrected has the words of its last correction. The line that followed a question is its answer. Records that cannot
    be read are counted as skipped: the last one may have been cut. Raises DataError.
    """
    events, skipped = _events(folder / EVENTS)
    notes, more = _events(folder / NOTES) if (folder / NOTES).is_file() else ([], 0)
    rounds = [line for line in map(_line, events) if line]
    lines = _corrected(rounds, [*events, *notes])
    qa_stream, answers = _answered(events, lines)
    words: list[Word] = []
    for line in lines:
        if line not in answers:
            words += spread(line.text.split(), line.start, line.end)
    settings = next((event for event in events if event["type"] == "settings"), {})
    return Transcript(
        folder / EVENTS,
        tuple(words),
        guessed=len(words),
        skipped=skipped + more,
        qa_stream=tuple(qa_stream),
        query=_text(settings.get("query")),
        context=_text(settings.get("context")),
        heard=False,
        until=max((line.end for line in rounds), default=0.0),
    )


def session_video(folder: Path) -> Path | None:
    """The video of a session: the one recorded beside the events, else the file that was watched."""
    if (folder / VIDEO).is_file():
        return folder / VIDEO
    events, _ = _events(folder / EVENTS)
    source = next((_text(event.get("source")) for event in events if event["type"] == "settings"), "")
    watched = user_path(source)
    return watched.resolve() if source and watched.is_file() else None


def _events(path: Path) -> tuple[list[Event], int]:
    """The events, and how many lines are none."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError("Cannot read the session", f"{path}: {error.strerror or error}") from error
    found = [_event(line) for line in lines if line.strip(b" \0\r")]
    events = [event for event in found if event is not None]
    return events, len(found) - len(events)


def _event(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("type"), str) else None


def _line(event: Event) -> _Line | None:
    """What was said in a round, "" for silence; None for other events."""
    times = [event.get(name) for name in ("start", "end", "shown_at")]
    if event["type"] != "line" or not isinstance(event.get("round"), int):
        return None
    if not all(isinstance(time, int | float) for time in times):
        return None
    start, end, shown_at = (float(time) for time in times if time is not None)
    return _Line(event["round"], start, end, _text(event.get("text")), shown_at)


def _corrected(lines: list[_Line], records: list[Event]) -> list[_Line]:
    """What was said and what should have been, by source time; silence left out."""
    written = {
        record["round"]: _text(record.get("text"))
        for record in records
        if record["type"] == "correction" and isinstance(record.get("round"), int)
    }
    final = [replace(line, text=written.get(line.round, line.text)) for line in lines]
    return sorted((line for line in final if line.text.strip()), key=lambda line: line.start)


def _answered(events: list[Event], lines: list[_Line]) -> tuple[list[QuestionAnswer], set[_Line]]:
    """Questions with the first line shown after each, one a line."""
    asked = [event for event in events if event["type"] == "question" and _text(event.get("text"))]
    found: list[QuestionAnswer] = []
    answers: set[_Line] = set()
    for event in asked:
        at = event.get("asked_at")
        after = [line for line in lines if isinstance(at, int | float) and line.shown_at > at and line not in answers]
        if after:
            answer = after[0]
            answers.add(answer)
            found.append(QuestionAnswer(answer.start, answer.end, _text(event["text"]), " ".join(answer.text.split())))
    return sorted(found, key=lambda question: question.time), answers


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
