"""What a viewer may ask of a programme, with the answer that is true at that time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """time: seconds of the episode at which it is asked. text: the question. answer: one short sentence, true then."""

    time: float
    text: str
    answer: str
