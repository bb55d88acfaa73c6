"""A session in the forms that other programs read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.library import markers, subtitles, tables
from app.library.cues import Stretch
from app.library.report import report
from app.session.events import Session
from core.errors import SessionError

FORMS: dict[str, Callable[[Session, Stretch], str]] = {
    "srt": subtitles.srt,
    "vtt": subtitles.vtt,
    "ass": subtitles.ass,
    "csv": tables.csv_table,
    "jsonl": tables.json_lines,
    "md": tables.markdown,
    "html": report,
    "edl": markers.edl,
    "otio": markers.otio,
}


def exported(session: Session, form: str, stretch: Stretch | None = None) -> str:
    """The session, or a stretch of it, as one of FORMS."""
    return FORMS[form](session, stretch or Stretch())


def save(text: str, path: Path) -> None:
    """Write an export. Raises SessionError."""
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise SessionError("Cannot write", f"{path}: {error.strerror or error}") from error
