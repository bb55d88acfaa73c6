"""One training sample: a piece of a video, what was said in it, and what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Word(NamedTuple):
    """A spoken word. `start` and `end` are seconds of the video, not of the piece."""

    start: float
    end: float
    text: str


class QuestionAnswer(NamedTuple):
    """A viewer's question.

    Attributes:
        start: video seconds at which the question was begun; the published training code does not read it.
        time: video seconds at which it is asked; its round is the one with `round start < time <= round end`.
    """

    start: float
    time: float
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of a training file.

    Attributes:
        video: path of the video, relative to the data set's root.
        start, end: video seconds of the piece.
        query: the title or the standing request; the published training drops it.
        previous: all words said before `start`, after what the user gave beforehand. Not yet cut to sink and window.
        words: the words of the piece, in the order in which they were said.
        qa_stream: questions asked in the piece, in order of time.
    """

    video: str
    start: float
    end: float
    query: str = ""
    previous: str = ""
    words: tuple[Word, ...] = ()
    qa_stream: tuple[QuestionAnswer, ...] = ()
