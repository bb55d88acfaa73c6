"""Texts that are translated where they are shown, marked where they are written. No Qt."""

from __future__ import annotations


def noop(text: str) -> str:
    """The text itself: a mark for `make translations`, which finds it by this name. `tr` translates it when shown."""
    return text
