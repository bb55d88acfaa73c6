"""A sample as the model sees it: one round a second (published training code, `lmm_dataset.py`)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from core.data.sample import QuestionAnswer, Sample

STOP_MARK = " ..."
"""What closes the words of a round, and is all of a silent one (design, section 3)."""
ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class Round:
    """One second of a sample.

    Attributes:
        start, end: video seconds.
        words: what is said, single spaces between; "" for silence.
        question, answer: of a viewer; "" where nobody asks.
    """

    start: float
    end: float
    words: str
    question: str = ""
    answer: str = ""

    @property
    def text(self) -> str:
        """What the assistant writes: the answer on a line of its own, the words, the stop mark."""
        said = f" {self.words}" if self.words else ""
        return (f"{self.answer}\n" if self.answer else "") + said + STOP_MARK


def rounds(sample: Sample, round_s: float = 1.0) -> Iterator[Round]:
    """The rounds of a sample, from its start; the last one may reach past its end.

    A word belongs to the first round whose end is at or after the word's end. Words stay in their order: one that is
    said to end before its predecessor waits for it. Words that end after the last round are not said. A question
    belongs to the round with start < time <= end; of several in one round the later ones wait for the next rounds.
    """
    words = iter(sample.words)
    word = next(words, None)
    questions = _in_time(sample)
    for number in range(count(sample, round_s)):
        end = sample.start + (number + 1) * round_s
        said = []
        while word is not None and word.end <= end + ROUNDING_S:
            said.append(word.text.strip())
            word = next(words, None)
        asked = questions.pop(0) if questions and questions[0].time <= end + ROUNDING_S else None
        question, answer = (asked.question, asked.answer) if asked else ("", "")
        yield Round(end - round_s, end, " ".join(filter(None, said)), question, answer)


def count(sample: Sample, round_s: float = 1.0) -> int:
    """How many rounds a sample has: a last second that is not whole counts."""
    return max(1, math.ceil((sample.end - sample.start) / round_s - ROUNDING_S))


def _in_time(sample: Sample) -> list[QuestionAnswer]:
    """The questions asked after the sample's start."""
    return [asked for asked in sample.qa_stream if asked.time > sample.start + ROUNDING_S]
