"""Contiguous M-RoPE positions: what each kept token would have if the kept tokens were the whole input. No torch.

Rule (the published StreamingVLM code and Qwen2.5-VL of transformers 4): text counts up on all three axes; a grid starts
one after the largest position used, time first, then row and column; the text after it starts one after the largest
position the grid used on any axis. transformers >= 5 advances by max(rows, columns) only, which differs for long grids.
A grid whose tokens are not all there takes the room of the whole one, and they stand where they would stand in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np

from core.prompt.ledger import Span, TokenGrid


@lru_cache(maxsize=256)
def grid_positions(grid: TokenGrid, temporal_step: float, kept: bytes | None = None) -> tuple[np.ndarray, float]:
    """(3, t * rows * columns) float64 positions of a grid that starts at 0, those of `kept` only, and the largest of
    the whole grid."""
    if kept is not None:
        inner, largest = grid_positions(grid, temporal_step)
        return inner[:, np.frombuffer(kept, bool)], largest
    t, rows, columns = grid
    time = np.repeat(np.arange(t) * temporal_step, rows * columns)
    row = np.tile(np.repeat(np.arange(rows), columns), t)
    column = np.tile(np.arange(columns), t * rows)
    inner = np.stack((time, row, column))
    return inner, float(inner.max())


def contiguous_positions(spans: Iterable[Span], start: float = 0.0) -> np.ndarray:
    """Positions of the spans' tokens.

    Args:
        start: the position of the first token.

    Returns:
        (3, tokens) float64: time, row, column.
    """
    spans = [span for span in spans if span.tokens]
    stops = list(accumulate(len(span.tokens) for span in spans))
    out = np.empty((3, stops[-1] if stops else 0))
    position = start
    place = 0  # of the next token
    text = np.arange(float(out.shape[1]))
    for span, stop in zip(spans, stops, strict=True):
        if span.grid is None:
            continue
        first = stop - len(span.tokens) + 1  # behind <|vision_start|>
        out[:, place:first] = position + text[: first - place]
        position += first - place
        inner, largest = grid_positions(span.grid, span.temporal_step, span.kept)
        np.add(inner, position, out=out[:, first : stop - 1])
        position = position + largest + 1
        place = stop - 1  # <|vision_end|>
    out[:, place:] = position + text[: out.shape[1] - place]
    return out


def rebase_shifts(pieces: Sequence[np.ndarray], fixed: int) -> np.ndarray:
    """How far pieces of contiguous positions must move so that all of them are contiguous again.

    Args:
        pieces: (3, tokens) each; the first and the last token of every one are text.
        fixed: which of them stays.

    Returns:
        (pieces,) float64, by as much on all three axes.
    """
    ends = [(float(piece[0, 0]), float(piece[0, -1])) for piece in pieces]
    by = [0.0] * len(ends)
    for n in range(fixed - 1, -1, -1):
        by[n] = by[n + 1] + ends[n + 1][0] - 1 - ends[n][1]
    for n in range(fixed + 1, len(ends)):
        by[n] = by[n - 1] + ends[n - 1][1] + 1 - ends[n][0]
    return np.array(by)
