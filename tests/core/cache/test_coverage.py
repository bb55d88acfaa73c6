"""What vision spans show from which repeated tokens were left out."""

from __future__ import annotations

import math
from dataclasses import replace

from core.cache.coverage import miscounted_rounds, uncovered_places
from core.prompt.ledger import Span, SpanKind, TokenGrid


def test_what_no_token_shows_is_counted() -> None:
    """In this grid or in an earlier one of its shape; another shape shows nothing of it."""

    def seen(n: int, grid: TokenGrid, kept: list[int] | None) -> Span:
        count = math.prod(grid) if kept is None else sum(kept)
        return Span(SpanKind.VISION, (0,) * (count + 2), n, grid, kept=None if kept is None else bytes(kept))

    whole = seen(0, (1, 2, 2), None)
    part = seen(1, (1, 2, 2), [0, 1, 0, 0])
    assert uncovered_places([]) == 0
    assert uncovered_places([whole, part]) == 0
    assert uncovered_places([part]) == 3
    assert uncovered_places([part, seen(2, (1, 2, 2), [1, 0, 0, 0])]) == 2
    assert uncovered_places([whole, seen(1, (2, 1, 2), [0, 1, 0, 1])]) == 1
    assert miscounted_rounds([whole, replace(part, tokens=(0,) * 5)]) == [1]
