"""Numbers on a command line: those that are none, and those out of range, are told."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import pytest

from core.option_values import count, not_negative, positive, share


@pytest.mark.parametrize(
    ("read", "good", "value"), [(positive, "0.5", 0.5), (not_negative, "0", 0.0), (share, "1", 1.0), (count, "3", 3)]
)
def test_a_number_is_read(read: Callable[[str], float], good: str, value: float) -> None:
    assert read(good) == value


@pytest.mark.parametrize(
    ("read", "bad"),
    [(positive, "0"), (positive, "inf"), (not_negative, "-1"), (not_negative, "nan"), (share, "1.1"), (count, "0")],
)
def test_one_out_of_range_is_refused(read: Callable[[str], float], bad: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=f"{bad} is not"):
        read(bad)


@pytest.mark.parametrize("read", [positive, count])
def test_what_is_no_number_is_refused(read: Callable[[str], float]) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no number"):
        read("three")
