"""Words that others wrote (a model, a window's title, a file's metadata) as text that no terminal or player obeys."""

from __future__ import annotations

import re

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All control characters (Unicode's Cc) but the tabulator and the line feed."""

LOOKALIKES = {"-->": "→", "<": "\u2039", ">": "\u203a", "{": "(", "}": ")"}
"""Subtitles (SRT, ASS) cannot escape: what a player takes for markup is written with characters that look the same."""


def clean(text: str) -> str:
    """The text without control characters: no terminal, player or spreadsheet is to obey a model."""
    return CONTROL.sub("", text)


def one_row(text: str) -> str:
    """The text without what would move a terminal's cursor."""
    return " ".join(clean(text).split()) if "\n" in text or "\t" in text else clean(text)


def without_markup(text: str) -> str:
    """The text as a subtitle in which no player finds markup."""
    for markup, lookalike in LOOKALIKES.items():
        text = text.replace(markup, lookalike)
    return text
