"""The bundled demo match as a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.capture.programme import ProgrammeSource
from app.capture.source_kind import PickerEntry, SourceKind, after_word, whole_number

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions

BEGIN_S = 1.0
"""Match time of the first picture: the kick-off follows within two seconds, and with it the first line."""


def _open(spec: str, options: CaptureOptions) -> ProgrammeSource | None:
    rest = after_word(spec, "arena")
    if rest is None:
        return None
    seed = whole_number(rest or "0", 0, "arena:7")
    return ProgrammeSource(f"arena:{seed}", "football", seed, options, begin_s=BEGIN_S)


ARENA = SourceKind(
    "arena[:SEED]",
    _open,
    lambda screens: [PickerEntry("Arena demo", "arena")],
    shows_again=lambda spec: after_word(spec, "arena") is not None,
)
