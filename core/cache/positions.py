"""Contiguous M-RoPE positions: what each kept token would have if the kept tokens were the whole input. No torch.

Rule (the published StreamingVLM code and Qwen2.5-VL of transformers 4): text counts up on all three axes; a grid starts
one after the largest position used, time first, then row and column; the text after it starts one after the largest
position the grid used on any axis. transformers >= 5 advances by max(rows, columns) only, which differs for long grids.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from core.prompt.ledger import Grid, Span


@lru_cache(maxsize=256)
def grid_positions(grid: Grid, temporal_step: float) -> np.ndarray:
    """(3, t * rows * columns) float32 positions of a grid that starts at 0."""
    t, rows, columns = grid
    time = np.repeat(np.arange(t, dtype=np.float32) * np.float32(temporal_step), rows * columns)
    row = np.tile(np.repeat(np.arange(rows, dtype=np.float32), columns), t)
    column = np.tile(np.arange(columns, dtype=np.float32), t * rows)
    return np.stack((time, row, column))


def contiguous(spans: Iterable[Span], start: float = 0.0) -> np.ndarray:
    """Positions of the spans' tokens.

    Args:
        start: the position of the first token.

    Returns:
        (3, tokens) float32: time, row, column.
    """
    parts: list[np.ndarray] = []
    position, text = np.float32(start), 0

    def flush() -> None:
        nonlocal position, text
        if text:
            parts.append(np.broadcast_to(position + np.arange(text, dtype=np.float32), (3, text)))
            position, text = position + np.float32(text), 0

    for span in spans:
        if span.grid is None:
            text += len(span.tokens)
            continue
        text += 1  # <|vision_start|>
        flush()
        grid = grid_positions(span.grid, span.temporal_step) + position
        parts.append(grid)
        position, text = grid.max() + np.float32(1), 1  # <|vision_end|>
    flush()
    return np.concatenate(parts, axis=1) if parts else np.zeros((3, 0), np.float32)
