"""A question answered over a stretch of a session, or a stretch summed up; never a sentence that no line holds up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing

from app.library.ask.answer import Answer, Sentence
from app.library.ask.highlights import highlights
from app.library.ask.passages import Passages, asks_for_all
from app.library.ask.writer import Writer
from app.library.cues import Cue, Stretch, cues, markers
from app.session.events import Session
from app.session.records import clock
from app.session.timeline import Timeline

LINES = "lines"
MOST_LINES = 8
TIME = re.compile(r"\b(\d{1,2}):(\d\d)(?::(\d\d))?\b")
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
HOUR_S = 3600


def asked(session: Session, stretch: Stretch, question: str, writer: Writer | None = None) -> Answer:
    """The answer from the lines of that stretch: those that speak of it, or what `writer` writes about all of them.

    Where the stretch is open and the question names two times (“between 14:00 and 14:20”), these are meant. Raises
    CourtsideError where a writer fails.
    """
    if stretch.start is None and stretch.until is None:
        stretch = stretch_in(question, session) or stretch
    plain = TIME.sub(" ", question)
    if writer is not None:
        return _written(cues(session, stretch), writer, question)
    if asks_for_all(plain):
        return Answer(question, LINES, _themselves(_highlights(session, stretch)))
    with closing(Passages(cues(session, stretch))) as passages:
        return Answer(question, LINES, _themselves(passages.best(plain, MOST_LINES)))


def summary(session: Session, stretch: Stretch, writer: Writer | None = None) -> Answer:
    """What matters most in that stretch; by `writer`, chunk by chunk, where there is one. Raises CourtsideError."""
    if writer is not None:
        return _written(cues(session, stretch), writer, "")
    return Answer("", LINES, _themselves(_highlights(session, stretch)))


def stretch_in(question: str, session: Session) -> Stretch | None:
    """The stretch between the first two times of a question: of the video where it is so long, else of the day."""
    found = [tuple(int(part or 0) for part in match.groups()) for match in TIME.finditer(question)][:2]
    if len(found) < 2:
        return None
    clocks = Timeline(session)
    ends = [event["end"] for event in session.events if event["type"] == "line"]
    video = [_seconds(parts, question) for parts in found]
    if ends and video[0] < video[1] and video[0] < clocks.video(max(ends)):
        return Stretch("video", video[0], video[1])
    day = [float(HOUR_S * hour + 60 * minute + second) for hour, minute, second in found]
    return Stretch("wall", day[0], day[1]) if day[0] < day[1] else None


def _seconds(parts: tuple[int, ...], question: str) -> float:
    """mm:ss, or h:mm:ss where the question writes times so."""
    if TIME.search(question) and any(match.group(3) for match in TIME.finditer(question)):
        return float(HOUR_S * parts[0] + 60 * parts[1] + parts[2])
    return float(60 * parts[0] + parts[1])


def _highlights(session: Session, stretch: Stretch) -> list[Cue]:
    return highlights(cues(session, stretch), markers(session, stretch))


def _themselves(found: Sequence[Cue]) -> tuple[Sentence, ...]:
    return tuple(Sentence(cue.flat, (cue,)) for cue in found)


def _written(found: Sequence[Cue], writer: Writer, question: str) -> Answer:
    """What the writer tells of one chunk after the other, each sentence with its lines; what rests on none goes."""
    kept: list[Sentence] = []
    left_out = 0
    for chunk in _chunks(found, writer):
        text = writer.write("\n".join(_row(cue) for cue in chunk), question)
        with closing(Passages(chunk)) as passages:
            for told in _sentences(text):
                support = passages.support(told)
                if support is None:
                    left_out += 1
                else:
                    kept.append(Sentence(told, support.lines))
    return Answer(question, writer.name, tuple(kept), left_out)


def _chunks(found: Sequence[Cue], writer: Writer) -> Iterator[list[Cue]]:
    """As many lines at once as the writer takes, one at least."""
    chunk: list[Cue] = []
    for cue in found:
        if chunk and not writer.fits("\n".join(_row(each) for each in [*chunk, cue])):
            yield chunk
            chunk = []
        chunk.append(cue)
    if chunk:
        yield chunk


def _row(cue: Cue) -> str:
    return f"{clock(cue.start)} {cue.flat}"


def _sentences(text: str) -> list[str]:
    """The sentences of a text, without the times that a model may have copied."""
    found = [" ".join(TIME.sub(" ", sentence).split()) for sentence in SENTENCE.findall(text)]
    return [sentence for sentence in found if any(char.isalnum() for char in sentence)]
