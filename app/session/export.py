"""Subtitles and tables from a session, on source time."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.session.events import Session
from app.session.records import clock
from core.errors import SessionError
from core.messages import Line

SHORTEST_CUE_S = 2.0
CUE_S_PER_WORD = 0.4


@dataclass(frozen=True, slots=True)
class Cue:
    """Text on the screen during the source seconds [start, end)."""

    start: float
    end: float
    text: str


def cues(lines: list[Line]) -> list[Cue]:
    """A cue stays for 2 s or 0.4 s a word, whichever is longer, but never past the start of the next.

    It begins when its round begins: the words tell of what these seconds show.
    """
    ends = [line.start for line in lines[1:]] + [float("inf")]
    return [
        Cue(line.start, min(line.start + _reading_s(line.text), end), line.text)
        for line, end in zip(lines, ends, strict=False)
    ]


def _reading_s(text: str) -> float:
    return max(SHORTEST_CUE_S, CUE_S_PER_WORD * len(text.split()))


def exported(session: Session, form: str) -> str:
    """The session as srt, vtt, md or csv."""
    return FORMS[form](session)


def _srt(session: Session) -> str:
    return _subtitles(session, "srt", _srt_text)


def _vtt(session: Session) -> str:
    return _subtitles(session, "vtt", partial(html.escape, quote=False))


def _subtitles(session: Session, form: str, escape: Callable[[str], str]) -> str:
    import pysubs2

    file = pysubs2.SSAFile()
    for cue in cues(session.lines):
        event = pysubs2.SSAEvent(pysubs2.make_time(s=cue.start), pysubs2.make_time(s=cue.end))
        event.text = escape(" ".join(cue.text.split()))  # a blank line would end the cue
        file.append(event)
    return file.to_string(form, keep_ssa_tags=True)


def _srt_text(text: str) -> str:
    """SRT has no way to escape: what a player would take for markup is written with characters that look the same."""
    lookalikes = {"-->": "→", "<": "\u2039", ">": "\u203a", "{": "(", "}": ")"}
    for markup, lookalike in lookalikes.items():
        text = text.replace(markup, lookalike)
    return text


def _markdown(session: Session) -> str:
    lines = [f"# {_markdown_text(session.settings.get('name', session.folder.name))}", ""]
    lines += [f"- **{clock(cue.start)}** {_markdown_text(cue.text)}" for cue in cues(session.lines)]
    return "\n".join(lines) + "\n"


def _markdown_text(text: str) -> str:
    escaped = "".join("\\" + char if char in r"\`*_{}[]<>#|~" else char for char in text)
    return " ".join(escaped.split())


def _csv(session: Session) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["start", "end", "text"])
    table.writerows((f"{cue.start:.3f}", f"{cue.end:.3f}", cue.text) for cue in cues(session.lines))
    return out.getvalue()


FORMS: dict[str, Callable[[Session], str]] = {"srt": _srt, "vtt": _vtt, "md": _markdown, "csv": _csv}


def save(text: str, path: Path) -> None:
    """Write an export. Raises SessionError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SessionError("Cannot write", f"{path}: {error.strerror or error}") from error
