"""A training sample: a chunk of frames and words, whatever made them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.programmes.programme import Mention


@dataclass(frozen=True, slots=True)
class Answer:
    """One round's answer.

    Attributes:
        text: what stands in the context, "" for silence.
        in_loss: whether the loss looks at it; not where `text` is a mistake put in on purpose.
    """

    text: str
    in_loss: bool = True


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """A line said before a chunk.

    Attributes:
        round: counted from the chunk's first, so below 0.
        derivable: it tells a fact that follows from the lines before it, so the loss looks at its digits.
    """

    round: int
    text: str
    derivable: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSample:
    """A chunk of one-second rounds, and what was said before it.

    Attributes:
        context: what the user has told: `previous text` begins with it.
        as_text: the first lines said before, which stand behind the context as text.
        earlier: the lines after these, which were said in rounds and whose words have moved from there.
        start_s: stream time of the first round; the round at 0 has the query in it.
        answers: of the rounds.
        frames: arrays from which the run's `FrameProvider` makes the frames, of the same shapes in every sample: of
            PREFIX_ROUNDS_SEEN rounds of the prefix (those of the last earlier lines, then any), then of the chunk's.
        mentions: what a text says, for the validation; None where nothing can tell.
    """

    context: str
    as_text: Sequence[str]
    earlier: Sequence[EarlierLine]
    start_s: float
    answers: Sequence[Answer]
    frames: Mapping[str, np.ndarray]
    mentions: Callable[[str], Sequence[Mention]] | None = None


class SampleSource(Protocol):
    """Draws samples of the same number of rounds for ever, in a worker process of its own."""

    def draw(self) -> TrainingSample: ...
