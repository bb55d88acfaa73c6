"""Numbers with units, as they are typed; what is none is refused in words."""

from __future__ import annotations

import argparse

import pytest

from app import quantities


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90.0), ("1.5", 1.5), ("02:30", 150.0), ("1:00:01", 3601.0), ("0", 0.0)]
)
def test_a_moment_is_seconds_or_a_clock(text: str, seconds: float) -> None:
    assert quantities.moment(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"), [("30", 30 * 86_400.0), ("12h", 43_200.0), ("8W", 8 * 604_800.0), ("1.5d", 129_600.0)]
)
def test_an_age_is_in_days_unless_it_says_otherwise(text: str, seconds: float) -> None:
    assert quantities.age(text) == seconds


@pytest.mark.parametrize(("text", "size"), [("500M", 5e8), ("2G", 2e9), ("2GB", 2e9), ("1.5t", 1.5e12), ("7", 7.0)])
def test_a_size_has_decimal_units(text: str, size: float) -> None:
    assert quantities.size(text) == size


def test_a_count_is_whole() -> None:
    assert quantities.count("12") == 12


@pytest.mark.parametrize("read", [quantities.moment, quantities.age, quantities.size, quantities.count])
@pytest.mark.parametrize("text", ["", "-1", "x", "1:2:3:4", "nan", "inf", "1e99", "5y"])
def test_what_is_no_quantity_is_refused(read: object, text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is n"):
        read(text)  # type: ignore[operator]
