"""The programmes there are. A new one is one more name here and its folder."""

from __future__ import annotations

from importlib import import_module

from core.errors import UsageError
from core.programmes.programme import Programme

NAMES = ("football", "freedoom", "desktop", "unknown")


def find(name: str) -> Programme:
    """The programme of a name. Raises UsageError when there is none."""
    if name not in NAMES:
        raise UsageError("No such programme", f"{name!r}; there are {', '.join(NAMES)}")
    return import_module(f"core.programmes.{name}.programme").PROGRAMME
