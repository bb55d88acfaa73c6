"""Numbers as people read them."""

from __future__ import annotations

import pytest

from app.gauges import figures


@pytest.mark.parametrize(("value", "text"), [(0.034, "0.03 s"), (9.99, "9.99 s"), (9.996, "10.0 s"), (61.0, "61.0 s")])
def test_seconds_have_two_decimals_below_ten(value: float, text: str) -> None:
    assert figures.seconds(value) == text


@pytest.mark.parametrize(("value", "text"), [(42, "42 s"), (119.6, "2 min"), (7169, "119 min"), (9000, "2.5 h")])
def test_a_span_has_no_needless_precision(value: float, text: str) -> None:
    assert figures.span(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (999, "999 B"), (4_200_000, "4.2 MB"), (812_000_000, "812 MB"), (2 * 10**12, "2.0 TB")],
)
def test_sizes_are_decimal(value: int, text: str) -> None:
    assert figures.size(value) == text


def test_rates_and_counts() -> None:
    assert figures.rate(9.94) == "9.9"
    assert figures.rate(1234.4) == "1,234"
    assert figures.count(12_345) == "12,345"


def test_what_is_not_known_is_a_dash() -> None:
    ways = (figures.seconds, figures.span, figures.count, figures.rate, figures.size)
    assert {way(None) for way in ways} == {figures.UNKNOWN}
