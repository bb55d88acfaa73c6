"""Contiguous M-RoPE positions: what each kept token would have if the kept tokens were the whole input. No torch.

Rule (the published StreamingVLM code and Qwen2.5-VL of transformers 4): text counts up on all three axes; a grid starts
one after the largest position used, time first, then row and column; the text after it starts one after the largest
position the grid used on any axis. transformers >= 5 advances by max(rows, columns) only, which differs for long grids.
A grid whose tokens are not all there takes the room of the whole one, and they stand where they would stand in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

import numpy as np

from core.prompt.ledger import Grid, Span


@lru_cache(maxsize=256)
def grid_positions(grid: Grid, temporal_step: float, kept: bytes | None = None) -> tuple[np.ndarray, np.float32]:
    """(3, t * rows * columns) float32 positions of a grid that starts at 0, those of `kept` only, and the largest of
    the whole grid."""
    if kept is not None:
        inner, largest = grid_positions(grid, temporal_step)
        return inner[:, np.frombuffer(kept, bool)], largest
    t, rows, columns = grid
    time = np.repeat(np.arange(t, dtype=np.float32) * np.float32(temporal_step), rows * columns)
    row = np.tile(np.repeat(np.arange(rows, dtype=np.float32), columns), t)
    column = np.tile(np.arange(columns, dtype=np.float32), t * rows)
    inner = np.stack((time, row, column))
    return inner, inner.max()


def contiguous(spans: Iterable[Span], start: float = 0.0) -> np.ndarray:
    """Positions of the spans' tokens.

    Args:
        start: the position of the first token.

    Returns:
        (3, tokens) float32: time, row, column.
    """
    spans = [span for span in spans if span.tokens]
    stops = list(accumulate(len(span.tokens) for span in spans))
    out = np.empty((3, stops[-1] if stops else 0), np.float32)
    position, place = np.float32(start), 0  # of the next token
    text = np.arange(out.shape[1], dtype=np.float32)
    for span, stop in zip(spans, stops, strict=True):
        if span.grid is None:
            continue
        first = stop - len(span.tokens) + 1  # behind <|vision_start|>
        out[:, place:first] = position + text[: first - place]
        position += np.float32(first - place)
        inner, largest = grid_positions(span.grid, span.temporal_step, span.kept)
        np.add(inner, position, out=out[:, first : stop - 1])
        position, place = position + largest + np.float32(1), stop - 1  # <|vision_end|>
    out[:, place:] = position + text[: out.shape[1] - place]
    return out
