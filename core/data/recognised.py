"""Words from a speech recogniser: WhisperX and Whisper JSON, and plain lists of words with times."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.data.sample import Word
from core.data.transcript import Transcript, spread
from core.errors import DataError

GUESSED_WORD_S = 0.3
"""Length of a word without times where nothing around it says better."""


@dataclass(slots=True)
class _Found:
    """Words so far, and what was wrong with others."""

    words: list[Word] = field(default_factory=list)
    guessed: int = 0
    skipped: int = 0


def parse(path: Path, text: str) -> Transcript:
    """The words of a recogniser's file.

    Takes `{"segments": [{"start", "end", "text", "words": [{"word", "start", "end"}]}]}` (WhisperX, Whisper),
    `{"words": [...]}`, and a list of `{"word" or "text", "start", "end"}` or `[start, end, word]`. Words without times
    (WhisperX leaves numbers so) are spread between their neighbours. Raises DataError for anything else.
    """
    try:
        file = json.loads(text)
    except ValueError as error:
        raise DataError("Not recogniser output", f"{path} is no JSON ({error})") from error
    found = _Found()
    if isinstance(file, dict) and isinstance(file.get("segments"), list):
        for segment in file["segments"]:
            _segment(segment, found)
    elif isinstance(entries := file.get("words") if isinstance(file, dict) else file, list):
        _entries(entries, -math.inf, math.inf, found)
    else:
        raise DataError("Not recogniser output", f"{path} has neither segments nor words")
    if not found.words:
        raise DataError("No words", f"{path} holds no word with a time")
    ordered = sorted(found.words, key=lambda word: word.start)
    return Transcript(path, tuple(ordered), found.guessed, found.skipped)


def _segment(segment: Any, found: _Found) -> None:
    if not isinstance(segment, dict):
        found.skipped += 1
        return
    start = _number(segment.get("start"))
    end = _number(segment.get("end"))
    entries = segment.get("words")
    if isinstance(entries, list) and entries:
        _entries(entries, -math.inf if start is None else start, math.inf if end is None else end, found)
    elif start is not None and end is not None and isinstance(segment.get("text"), str):
        words = spread(segment["text"].split(), start, end)
        found.words += words
        found.guessed += len(words)
    else:
        found.skipped += 1


def _entries(entries: list[Any], start: float, end: float, found: _Found) -> None:
    """Words of one segment whose seconds are [start, end]; those without times wait for the next that has some."""
    waiting: list[str] = []
    last = start
    for entry in entries:
        text, begin, stop = _entry(entry)
        if not text:
            found.skipped += 1
        elif begin is None or stop is None:
            waiting += text.split()
        else:
            _guess(waiting, last, begin, found)
            found.words += spread(text.split(), begin, stop)
            waiting = []
            last = max(begin, stop)
    _guess(waiting, last, end, found)


def _guess(waiting: list[str], start: float, end: float, found: _Found) -> None:
    """Spread words without times between their neighbours; where one side is open they take 0.3 s each."""
    room = len(waiting) * GUESSED_WORD_S
    if math.isinf(start) and math.isinf(end):
        found.skipped += len(waiting)
        return
    start = max(0.0, end - room) if math.isinf(start) else start
    end = start + room if math.isinf(end) else max(end, start)
    found.words += spread(waiting, start, end)
    found.guessed += len(waiting)


def _entry(entry: Any) -> tuple[str, float | None, float | None]:
    """Text, start and end of a word; "" where it is none."""
    if isinstance(entry, dict):
        text = entry.get("word", entry.get("text"))
        begin = _number(entry.get("start"))
        stop = _number(entry.get("end"))
    elif isinstance(entry, list) and len(entry) == 3:
        begin = _number(entry[0])
        stop = _number(entry[1])
        text = entry[2]
    else:
        return "", None, None
    if not isinstance(text, str):
        return "", None, None
    return " ".join(text.split()), begin, stop


def _number(value: Any) -> float | None:
    whole = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    return float(value) if whole else None
