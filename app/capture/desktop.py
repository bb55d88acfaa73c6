"""A desktop session, made anew from a seed, as a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.capture.programme import ProgrammeSource
from app.capture.source_kind import SourceKind, after_word, whole_number

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions


def _open(spec: str, options: CaptureOptions) -> ProgrammeSource | None:
    rest = after_word(spec, "desktop")
    if rest is None:
        return None
    seed = whole_number(rest or "0", 0, "desktop:7")
    return ProgrammeSource(f"desktop:{seed}", "desktop", seed, options)


DESKTOP = SourceKind("desktop[:SEED]", _open, shows_again=lambda spec: after_word(spec, "desktop") is not None)
