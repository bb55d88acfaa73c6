"""What is looked for: words, phrases and beginnings of words, and which sessions are meant."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date, datetime

from core.errors import UsageError

TERM = re.compile(r'"([^"]*)"?|(\S+)')
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which sessions are meant; a field that is None or "" leaves all in.

    Attributes:
        since, until: seconds since 1970; begun at `since` or later, and before `until`.
        source, model, tag: what must be part of it, whatever the case.
        folder: this session alone.
    """

    since: float | None = None
    until: float | None = None
    source: str = ""
    model: str = ""
    tag: str = ""
    folder: str = ""


def match_expression(text: str) -> str:
    """The FTS5 expression for what a person typed: every word, every "phrase", and begin* as the start of a word.

    Nothing in `text` is taken for FTS5's own syntax. Raises UsageError when no word is in it.
    """
    terms = []
    for phrase, word in TERM.findall(text):
        words = WORD.findall(phrase or word)
        if words:
            begins = word.endswith("*") and not phrase
            terms.append('"' + " ".join(words) + '"' + ("*" if begins else ""))
    if not terms:
        raise UsageError("Nothing to search for", "give a word, a “phrase in quotes”, or the start of a word as begin*")
    return " AND ".join(terms)


def as_typed(text: str) -> str:
    """What is searched for while it is still being typed: the last word may go on."""
    return text + "*" if text and text[-1].isalnum() and text.count('"') % 2 == 0 else text


def day(text: str, *, end: bool = False) -> float:
    """Seconds since 1970 at which the day `text` (YYYY-MM-DD, today, yesterday) begins, or ends. Raises UsageError."""
    today = date.today()
    names = {"today": today, "yesterday": date.fromordinal(today.toordinal() - 1)}
    try:
        found = names.get(text) or date.fromisoformat(text)
        found = date.fromordinal(found.toordinal() + (1 if end else 0))
        return time.mktime(datetime(found.year, found.month, found.day).timetuple())
    except (ValueError, OverflowError) as error:
        raise UsageError("Unknown day", f"“{text}” is not YYYY-MM-DD, today or yesterday") from error
