"""Numbers on a command line, for argparse: each raises ArgumentTypeError, whose text says what is wrong."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def positive(text: str) -> float:
    """A finite number above 0."""
    return _checked(float, text, lambda value: 0 < value < float("inf"), "above 0")


def not_negative(text: str) -> float:
    """A finite number from 0 on."""
    return _checked(float, text, lambda value: 0 <= value < float("inf"), "0 or more")


def share(text: str) -> float:
    """A number from 0 to 1."""
    return _checked(float, text, lambda value: 0 <= value <= 1, "from 0 to 1")


def count(text: str) -> int:
    """A whole number from 1 on."""
    return int(_checked(int, text, lambda value: value >= 1, "1 or more"))


def _checked(read: Callable[[str], float], text: str, holds: Callable[[float], bool], what: str) -> float:
    try:
        value = read(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not holds(value):
        raise argparse.ArgumentTypeError(f"{text} is not {what}")
    return value
