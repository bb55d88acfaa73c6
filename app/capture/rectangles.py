"""What rectangles leave of each other. Each is x, y, width, height."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

Rectangle = tuple[int, int, int, int]


def intersection(a: Rectangle, b: Rectangle) -> Rectangle | None:
    """What both have in common; None where that is nothing."""
    left = max(a[0], b[0])
    top = max(a[1], b[1])
    right = min(a[0] + a[2], b[0] + b[2])
    bottom = min(a[1] + a[3], b[1] + b[3])
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None


def uncovered(rectangle: Rectangle, covers: Iterable[Rectangle]) -> list[Rectangle]:
    """The parts of a rectangle that lie under none of the others."""
    parts = [rectangle]
    for cover in covers:
        parts = [left for part in parts for left in _around(part, cover)]
    return parts


def upright_parts(rectangles: Sequence[Rectangle]) -> list[Rectangle]:
    """The union of rectangles, cut upright at every side of one: none overlaps another or touches one below."""
    sides = sorted({side for x, _, width, _ in rectangles for side in (x, x + width)})
    parts: list[Rectangle] = []
    for left, right in pairwise(sides):
        for top, bottom in _joined((y, y + height) for x, y, w, height in rectangles if x <= left and x + w >= right):
            parts.append((left, top, right - left, bottom - top))
    return parts


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans [from, to) that overlap or touch, each as one."""
    joined: list[tuple[int, int]] = []
    for top, bottom in sorted(spans):
        if joined and top <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(bottom, joined[-1][1]))
        else:
            joined.append((top, bottom))
    return joined


def _around(part: Rectangle, cover: Rectangle) -> list[Rectangle]:
    common = intersection(part, cover)
    if common is None:
        return [part]
    x, y, width, height = part
    left, top, common_width, common_height = common
    bottom = top + common_height
    right = left + common_width
    pieces = (
        (x, y, width, top - y),
        (x, bottom, width, y + height - bottom),
        (x, top, left - x, common_height),
        (right, top, x + width - right, common_height),
    )
    return [piece for piece in pieces if piece[2] > 0 and piece[3] > 0]
