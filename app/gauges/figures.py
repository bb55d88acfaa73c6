"""Numbers as people read them."""

from __future__ import annotations

UNKNOWN = "–"  # noqa: RUF001 an en dash, the width of a figure


def seconds(value: float | None) -> str:
    """0.42 s, 12.3 s."""
    if value is None:
        return UNKNOWN
    return f"{value:.2f} s" if value < 9.995 else f"{value:.1f} s"


def span(value: float | None) -> str:
    """A length of time without needless precision: 42 s, 3 min, 2.5 h."""
    if value is None:
        return UNKNOWN
    if value < 119.5:
        return f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 7170 else f"{value / 3600:.1f} h"


def count(value: int | None) -> str:
    """12,345."""
    return UNKNOWN if value is None else f"{value:,}"


def rate(value: float | None) -> str:
    """A number a second, without decimals above ten."""
    if value is None:
        return UNKNOWN
    return f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"


def size(value: int | None) -> str:
    """Bytes in decimal units: 640 kB, 4.2 MB, 812 MB, 14.9 GB."""
    if value is None:
        return UNKNOWN
    amount = float(value)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 999.5:
            return f"{amount:.1f} {unit}" if unit != "B" and amount < 9.95 else f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
