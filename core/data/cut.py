"""Step 3: overlapping chunks of 24 s, every 12 s, with what was said before (StreamingVLM, section on training)."""

from __future__ import annotations

import bisect
import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.data.clean import Cleaned
from core.data.sample import Sample, Word


@dataclass(frozen=True, slots=True)
class CutSettings:
    """How chunks are cut.

    Attributes:
        chunk_s, overlap_s: length of a chunk, and seconds it shares with the next.
        min_words: words a chunk must have; None: two a second, of a saved session, which is silent often, one.
        previous_words: most words of `previous` kept at its start and at its end; 0: all of them.
        valid_share: share of the videos that go to validation. seed: of their choice.
    """

    chunk_s: float = 24.0
    overlap_s: float = 12.0
    min_words: int | None = None
    previous_words: int = 0
    valid_share: float = 0.05
    seed: int = 0

    def least_words(self, heard: bool = True) -> int:
        """Of a chunk whose words were heard in its sound, or else come from a session."""
        if self.min_words is not None:
            return self.min_words
        return math.ceil(2 * self.chunk_s) if heard else 1


def cut(cleaned: Cleaned, title: str, context: str, settings: CutSettings) -> Iterator[Sample]:
    """The chunks of a recording with enough words, in order of time."""
    words = sorted(cleaned.words, key=lambda word: word.end)
    for number in range(chunk_count(cleaned.end, settings)):
        start = number * (settings.chunk_s - settings.overlap_s)
        piece = sample(cleaned, words, start, start + settings.chunk_s, title, context, settings.previous_words)
        if len(piece.words) >= settings.least_words(cleaned.heard):
            yield piece


def chunk_count(end: float, settings: CutSettings) -> int:
    """How many chunks a recording of `end` seconds has, with enough words or without."""
    return max(0, math.floor((end - settings.chunk_s) / (settings.chunk_s - settings.overlap_s) + 1e-6) + 1)


def sample(
    cleaned: Cleaned, words: Sequence[Word], start: float, end: float, title: str, context: str, previous_words: int
) -> Sample:
    """The seconds [start, end] of a recording as a sample. A word belongs where it ends: in (start, end].

    words: of the recording, in order of their ends.
    """
    first = bisect.bisect_right(words, start, key=lambda word: word.end)
    last = bisect.bisect_right(words, end, key=lambda word: word.end)
    before = [word.text for word in words[:first]]
    return Sample(
        video=cleaned.name,
        start=start,
        end=end,
        query=cleaned.query or title,
        previous=" ".join(filter(None, [cleaned.context or context, *_ends(before, previous_words)])),
        words=tuple(Word(round(word.start, 3), round(word.end, 3), word.text) for word in words[first:last]),
        qa_stream=tuple(asked for asked in cleaned.qa_stream if start < asked.time <= end),
    )


def _ends(words: list[str], most: int) -> list[str]:
    """The first and the last `most` words; all of them where that is 0."""
    return words if not most or len(words) <= 2 * most else words[:most] + words[-most:]


def split(names: Iterable[str], valid_share: float, seed: int) -> frozenset[str]:
    """The videos for validation: the same ones whenever the same names come. A single video trains."""
    ordered = sorted(names, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode("utf-8", "replace")).digest())
    wanted = math.ceil(valid_share * len(ordered) - 1e-9) if len(ordered) > 1 else 0
    return frozenset(ordered[: min(wanted, len(ordered) - 1)])
