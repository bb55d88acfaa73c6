"""Freedoom, played anew from a seed, as a source."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.capture.programme import ProgrammeSource
from app.capture.source_kind import Check, SourceKind, after_word, whole_number

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions


def _open(spec: str, options: CaptureOptions) -> ProgrammeSource | None:
    rest = after_word(spec, "freedoom")
    if rest is None:
        return None
    seed = whole_number(rest or "0", 0, "freedoom:7")
    return ProgrammeSource(f"freedoom:{seed}", "freedoom", seed, options)


def _checks() -> list[Check]:
    if find_spec("vizdoom") is not None:
        return [Check("Freedoom", "ok", "ViZDoom is installed")]
    return [Check("Freedoom", "limited", "ViZDoom is not installed", "pip install 'courtside[train]'")]


FREEDOOM = SourceKind(
    "freedoom[:SEED]", _open, checks=_checks, shows_again=lambda spec: after_word(spec, "freedoom") is not None
)
