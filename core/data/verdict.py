"""What becomes of a sentence: kept, edited or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.data.sample import Word
from core.data.transcript import spread

Action = Literal["keep", "edit", "delete"]
Sentence = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """About one sentence.

    Attributes:
        words: what is left of it; () when deleted.
        reason: in a word or two; "" for keep.
    """

    action: Action
    words: Sentence
    reason: str = ""


def kept(sentence: Sentence) -> Verdict:
    return Verdict("keep", sentence)


def deleted(reason: str) -> Verdict:
    return Verdict("delete", (), reason)


def rewritten(sentence: Sentence, text: str, reason: str = "edited") -> Verdict:
    """The sentence with other words: they share its time evenly (StreamingVLM, section on data)."""
    words = tuple(spread(text.split(), sentence[0].start, max(word.end for word in sentence)))
    return Verdict("edit", words, reason)
