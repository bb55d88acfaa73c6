"""Texts in the language of whoever looks at them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

CONTEXT = ""
"""Of every text: the English words are the key, wherever they stand."""


def tr(text: str) -> str:
    """An English text in the language chosen; as it is where it was never translated. Found by `make translations`."""
    return QCoreApplication.translate(CONTEXT, text)
