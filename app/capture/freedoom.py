"""Freedoom, played anew from a seed, as a source."""

from __future__ import annotations

from importlib.util import find_spec

from app.capture.programme import programme_kind
from app.capture.source_kind import Check


def _checks() -> list[Check]:
    if find_spec("vizdoom") is not None:
        return [Check("Freedoom", "ok", "ViZDoom is installed")]
    return [Check("Freedoom", "limited", "ViZDoom is not installed", "pip install 'courtside[train]'")]


FREEDOOM = programme_kind("freedoom", "freedoom", checks=_checks)
