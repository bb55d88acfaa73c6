"""Numbers with units, as they are typed on the command line and told there."""

from __future__ import annotations

import argparse

UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
AGES = {"": 86_400.0, "d": 86_400.0, "h": 3600.0, "w": 604_800.0}


def counted(number: int, noun: str) -> str:
    """As in "1 window" and "2 windows"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def count(text: str) -> int:
    """A whole number from 0 up."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 up")
    return int(text)


def moment(text: str) -> float:
    """Seconds from seconds, mm:ss or h:mm:ss."""
    parts = text.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = [-1.0]
    if len(parts) > 3 or not all(0 <= number < 1e9 for number in numbers):
        raise argparse.ArgumentTypeError(f"{text} is neither seconds nor mm:ss nor h:mm:ss")
    return sum(number * 60**place for place, number in enumerate(reversed(numbers)))


def age(text: str) -> float:
    """Seconds from days, or a number with h, d or w."""
    return _amount(text, AGES, "an age, as in 30, 12h or 8w")


def size(text: str) -> float:
    """Bytes from a number with k, M, G or T."""
    return _amount(text.removesuffix("B").removesuffix("b"), UNITS, "a size, as in 500M or 2G")


def _amount(text: str, units: dict[str, float], form: str) -> float:
    number, unit = (text[:-1], text[-1:].lower()) if text[-1:].isalpha() else (text, "")
    try:
        value = float(number) * units[unit]
    except (ValueError, KeyError):
        value = -1.0
    if not 0 <= value < 1e18:
        raise argparse.ArgumentTypeError(f"{text} is not {form}")
    return value
