"""An answer, or a summary: sentences, each with the lines that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.library.cues import Cue
from app.session.plain_text import clean
from app.session.records import Record, clock


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is told, and the lines that it rests on: one at least, by time."""

    text: str
    lines: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told of a stretch.

    Attributes:
        question: what was asked; "" for a summary.
        by: who wrote the sentences: “lines” where they are lines of the session themselves, else a model's name.
        sentences: in order of time; none where the lines tell nothing of it.
        left_out: sentences that a model wrote and no line holds up.
    """

    question: str
    by: str
    sentences: tuple[Sentence, ...]
    left_out: int = 0

    def as_record(self) -> Record:
        """As an object; times are on the clock that was asked for."""
        told = [{"text": sentence.text, "lines": [_link(cue) for cue in sentence.lines]} for sentence in self.sentences]
        kind = "answer" if self.question else "summary"
        asked = {"question": self.question} if self.question else {}
        return {"type": kind, **asked, "by": self.by, "sentences": told, "left_out": self.left_out}

    def in_words(self) -> Iterator[str]:
        """As text: each sentence behind the times of its lines."""
        for sentence in self.sentences:
            times = ", ".join(clock(cue.start) for cue in sentence.lines)
            yield f"{times:>8}  {clean(sentence.text)}"
        yield from self.remarks()

    def remarks(self) -> Iterator[str]:
        """What a person should know about it."""
        if not self.sentences:
            yield "No line there tells of it." if self.question else "Nothing was said there."
        if self.left_out:
            yield f"{self.left_out} sentences of {self.by} are left out: no line holds them up."


def _link(cue: Cue) -> Record:
    return {"round": cue.line.round, "start": cue.start, "text": cue.flat}
