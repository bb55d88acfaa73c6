"""Which lines tell a big moment, by words in them."""

from __future__ import annotations

import re

from core.messages import Line

BIG: tuple[str, ...] = (
    *("goal", "goals", "score", "scores", "find the net", "penalty", "red card", "kill", "kills", "frag", "frags"),
    *("dies", "is dead", "wins", "won", "error", "failed", "crash", "crashed", "warning", "boss"),
)
NOT_BIG = re.compile(r"(?i)\bgoal (kick|keeper)s?\b")
EVERY_S = 10.0
"""Between two chapters, in seconds of the source: a moment is often told in more than one line."""
NAME_CHARACTERS = 80


class BigMoments:
    """Finds them in a stream, line by line."""

    def __init__(self, words: tuple[str, ...]) -> None:
        """`words`: of which one must be in the line, whole, in whichever case; a phrase is one, too. None: no line."""
        self._last_end: float | None = None
        self._words = _pattern(words)

    def set_words(self, words: tuple[str, ...]) -> None:
        self._words = _pattern(words)

    def name(self, line: Line) -> str:
        """What to call the moment that a line tells; "" where it tells none, or one that has been told just before."""
        text = " ".join(line.text.split())
        if self._words is None or not self._words.search(NOT_BIG.sub("", text)):
            return ""
        if self._last_end is not None and line.end - self._last_end < EVERY_S:
            return ""
        self._last_end = line.end
        return text if len(text) <= NAME_CHARACTERS else f"{text[: NAME_CHARACTERS - 1]}…"


def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    said = sorted({" ".join(word.split()) for word in words if word.strip()}, key=len, reverse=True)
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, said))})(?!\w)") if said else None
