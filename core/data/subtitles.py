"""Words from subtitles: SubRip and WebVTT, read by pysubs2."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.data.sample import Word
from core.data.transcript import Transcript, spread
from core.errors import DataError

if TYPE_CHECKING:
    from pysubs2 import SSAEvent

TOUCHING_S = 0.25
"""Captions that roll up: the next one follows within this time and shows the last line again."""
_INLINE_TIME = re.compile(r"<(?:(\d+):)?(\d{2}):(\d{2})\.(\d{3})>")
_MARK = "\ue000{}\ue001"
"""An inline time stamp (milliseconds) in private characters: pysubs2 would take it for a cue's own times."""
_MARKED = re.compile("\ue000(\\d+)\ue001")
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_NO_CUE = re.compile(r"^(NOTE|STYLE|REGION)\b")


class _Line(NamedTuple):
    start: float
    end: float
    text: str
    timed: tuple[Word, ...]


@dataclass(slots=True)
class _Counts:
    guessed: int = 0
    skipped: int = 0


def parse(path: Path, text: str) -> Transcript:
    """The words of a subtitle file. A line's words are spread over its time; WebVTT may say when each one comes.

    Lines that a roll-up caption shows a second time are taken once. Raises DataError where there is no cue.
    """
    import pysubs2

    form = "vtt" if path.suffix.lower() == ".vtt" else "srt"
    if form == "vtt":
        text = _plain_vtt(text)
    try:
        file = pysubs2.SSAFile.from_string(text, format_=form, keep_html_tags=True)
    except (pysubs2.Pysubs2Error, ValueError) as error:
        raise DataError("Not subtitles", f"{path} cannot be read as {form.upper()} ({error})") from error
    cues = sorted(file.events, key=lambda cue: cue.start)
    if not cues:
        raise DataError("Not subtitles", f"{path} holds no line with times as {form.upper()} has them")
    counts = _Counts()
    words = [word for cue in _once(cues, counts) for word in _words(cue, counts)]
    return Transcript(path, tuple(words), counts.guessed, counts.skipped)


def _plain_vtt(text: str) -> str:
    """WebVTT without notes, styles and cue names, and with inline time stamps that are no cue's times."""
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = []
    for block in blocks:
        lines = block.split("\n")
        times = next((n for n, line in enumerate(lines) if "-->" in line), None)
        if times is not None and not _NO_CUE.match(lines[0]):
            body = [_INLINE_TIME.sub(_marked, line) for line in lines[times + 1 :]]
            kept.append("\n".join([lines[times], *(line for line in body if line.strip())]))
    return "WEBVTT\n\n" + "\n\n".join(kept) + "\n"


def _marked(found: re.Match[str]) -> str:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in found.groups())
    return _MARK.format(((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths)


def _once(cues: list[SSAEvent], counts: _Counts) -> Iterator[_Line]:
    """The lines of all cues, without those that the cue before has shown already."""
    before: list[str] = []
    before_end = float("-inf")
    for cue in cues:
        start = cue.start / 1000
        end = max(cue.end, cue.start) / 1000
        raw = [line for line in re.split(r"\\N|\n", cue.text) if _shown(line)]
        shown = [_shown(line) for line in raw]
        again = _shown_again(before, shown) if start <= before_end + TOUCHING_S else 0
        if not raw:
            counts.skipped += 1
        elif again < len(raw):
            new = " ".join(raw[again:])
            yield _Line(start, end, _shown(new), tuple(_timed(new, start, end)))
        if raw:
            before = shown
            before_end = end


def _shown_again(before: list[str], shown: list[str]) -> int:
    """How many lines at the start of `shown` are the end of `before`."""
    for number in range(min(len(before), len(shown)), 0, -1):
        if before[-number:] == shown[:number]:
            return number
    return 0


def _shown(line: str) -> str:
    """The text of a line without marks and tags, as a player shows it."""
    return " ".join(html.unescape(_TAG.sub("", _MARKED.sub("", line))).replace("\xa0", " ").split())


def _timed(line: str, start: float, end: float) -> Iterator[Word]:
    """Words by their inline time stamps; nothing where the line has none."""
    parts = _MARKED.split(line)
    if len(parts) == 1:
        return
    begins = [start, *(int(mark) / 1000 for mark in parts[1::2])]
    ends = [*begins[1:], end]
    for text, begin, stop in zip(parts[::2], begins, ends, strict=True):
        yield from spread(_shown(text).split(), begin, stop)


def _words(line: _Line, counts: _Counts) -> list[Word]:
    if line.timed:
        return list(line.timed)
    words = spread(line.text.split(), line.start, line.end)
    counts.guessed += len(words)
    return words
