"""Subtitles: SubRip, WebVTT and Advanced SubStation. The words are shown as said, whatever they hold."""

from __future__ import annotations

import html

from app.library.cues import Stretch, cues
from app.session.events import Session
from app.session.plain_text import without_markup

WORD_JOINER = "\u2060"
"""Between a backslash and what follows it nothing is seen, and no `\\N` is found."""


def srt(session: Session, stretch: Stretch) -> str:
    """SubRip."""
    blocks = [
        f"{number}\n{_stamp(cue.start, ',')} --> {_stamp(cue.end, ',')}\n{without_markup(cue.flat)}\n"
        for number, cue in enumerate(cues(session, stretch), 1)
    ]
    return "\n".join(blocks)


def vtt(session: Session, stretch: Stretch) -> str:
    """WebVTT."""
    blocks = [
        f"{_stamp(cue.start, '.')} --> {_stamp(cue.end, '.')}\n{html.escape(cue.flat, quote=False)}\n"
        for cue in cues(session, stretch)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def ass(session: Session, stretch: Stretch) -> str:
    """Advanced SubStation Alpha."""
    import pysubs2
    from pysubs2 import SSAEvent, make_time

    file = pysubs2.SSAFile()
    for cue in cues(session, stretch):
        file.append(SSAEvent(make_time(s=cue.start), make_time(s=cue.end), _ass_text(cue.flat)))
    return file.to_string("ass")


def _ass_text(text: str) -> str:
    return without_markup(text).replace("\\", "\\" + WORD_JOINER)


def _stamp(seconds: float, point: str) -> str:
    """hh:mm:ss and milliseconds."""
    whole, thousandths = divmod(round(1000 * seconds), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{thousandths:03}"
