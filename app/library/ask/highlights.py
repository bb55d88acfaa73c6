"""The lines of a stretch that matter most: marked moments, scores that change, great moments, what is seldom said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.library.cues import Cue, Marker
from app.library.figures import event_of

CHUNK_S = 600.0
PER_CHUNK = 4
"""Lines of each ten minutes; of a short stretch as many as of one such chunk, twice."""
MARK_REACH_S = 6.0
"""A mark is about the last line that began this long before it at most, or the next one."""
NUMBER = re.compile(r"\d+")
GREAT = re.compile(
    r"(?i)\b(goals?|scores?|penalty|red card|wins?|won|final|full time|half time|fail\w*|errors?|crash\w*|warning"
    r"|dies|dead|killed|boss|level|record|tor|gewinnt|fehler)\b|!"
)


def highlights(found: Sequence[Cue], marks: Sequence[Marker]) -> list[Cue]:
    """At most PER_CHUNK lines of each CHUNK_S, by time; of less than two chunks twice as many."""
    if not found:
        return []
    weights = _weights(found, marks)
    first = found[0].start
    chunks: dict[int, list[int]] = {}
    for number, cue in enumerate(found):
        chunks.setdefault(int((cue.start - first) // CHUNK_S), []).append(number)
    most = PER_CHUNK if len(chunks) > 1 else 2 * PER_CHUNK
    chosen: list[int] = []
    for numbers in chunks.values():
        ranked = sorted(numbers, key=lambda number: (-weights[number], number))
        chosen += _different(ranked, found)[:most]
    return [found[number] for number in sorted(chosen)]


def _weights(found: Sequence[Cue], marks: Sequence[Marker]) -> list[float]:
    """Marked lines first, then those that tell new numbers of two sides, then great moments, then what is rare."""
    marked = {_line_of(mark.at, found) for mark in marks if mark.kind == "mark"}
    seen = Counter(event_of(cue.text) for cue in found)
    weights = []
    score: list[str] = []
    for number, cue in enumerate(found):
        numbers = NUMBER.findall(cue.text)
        is_score = len(numbers) > 1 and numbers != score
        score = numbers if is_score else score
        rare = 1 / seen[event_of(cue.text)]
        weights.append(8.0 * (number in marked) + 4.0 * is_score + 2.0 * bool(GREAT.search(cue.text)) + rare)
    return weights


def _line_of(at: float, found: Sequence[Cue]) -> int:
    before = [number for number, cue in enumerate(found) if at - MARK_REACH_S <= cue.start <= at]
    after = [number for number, cue in enumerate(found) if cue.start > at]
    return before[-1] if before else after[0] if after else len(found) - 1


def _different(ranked: list[int], found: Sequence[Cue]) -> list[int]:
    """Without lines that say what a better one says."""
    said: set[str] = set()
    kept = []
    for number in ranked:
        text = " ".join(found[number].text.casefold().split())
        if text not in said:
            said.add(text)
            kept.append(number)
    return kept
