"""Checks of vision spans from which repeated tokens were left out. No torch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from core.prompt.ledger import Span, TokenGrid


def miscounted_rounds(spans: Iterable[Span]) -> list[int]:
    """Rounds whose vision span has another number of tokens than its grid and `kept` say."""
    return [s.round for s in spans if s.grid and len(s.tokens) - 2 != _shown(s, s.grid).sum()]


def uncovered_places(spans: Iterable[Span]) -> int:
    """Number of places of the newest grid without a token, in this grid or in earlier ones of the same size."""
    newest: tuple[int, ...] = ()
    covered = np.ones(0, bool)
    for span in spans:
        if span.grid is None:
            continue
        if span.grid[1:] != newest:
            newest = span.grid[1:]
            covered = np.zeros(span.grid[1] * span.grid[2], bool)
        covered |= _shown(span, span.grid).any(0)
    return int((~covered).sum())


def _shown(span: Span, grid: TokenGrid) -> np.ndarray:
    """(t, rows * columns) bool: which tokens of a vision span's grid are there."""
    t, rows, columns = grid
    kept = bytes((1,)) * (t * rows * columns) if span.kept is None else span.kept
    return np.frombuffer(kept, bool).reshape(t, rows * columns)
