"""Chunks to one padded batch. Padding stands on the right, where causal attention never looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.train.bank import Drawn
from core.train.shape import MERGED_GRID
from core.train.transcript import FRONT_SEEN, Encoded

FRONT_VISUAL = FRONT_SEEN * int(np.prod(MERGED_GRID))  # visual tokens of a front


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens that every chunk is padded to: of its front, of what is kept of that, and of its rounds."""

    front: int
    kept: int
    chunk: int

    def fit(self, encoded: Encoded) -> bool:
        """Whether there is room, with one token of padding behind the front at least."""
        front = len(encoded.front.ids)
        chunk = len(encoded.chunk.ids)
        return front < self.front and len(encoded.kept) <= self.kept and chunk <= self.chunk


def collate(chunks: Sequence[Drawn], views: Sequence[Mapping[str, np.ndarray]], lengths: Lengths) -> dict[str, Tensor]:
    """Stack chunks of the same number of rounds, each behind its front.

    Returns:
        ids (chunks, front + chunk) int32; front_positions (3, chunks, front), positions (3, chunks, chunk) and
        kept_positions (3, chunks, kept) int16; kept (chunks, kept) int32, places in the front; kept_count (chunks,);
        visual, answer_at: flat places in ids, int32; answer_ids int32; answer_weight float32;
        rows (chunks, frames, n, 10) float32; and each entry of the views, stacked.
    """
    parts = [chunk.encoded for chunk in chunks]
    fronts = [part.front for part in parts]
    rounds = [part.chunk for part in parts]
    tokens = lengths.front + lengths.chunk
    starts = range(0, len(parts) * tokens, tokens)
    placed = [*zip(fronts, starts, strict=True), *zip(rounds, (s + lengths.front for s in starts), strict=True)]
    front_ids = _padded([front.ids for front in fronts], lengths.front)
    chunk_ids = _padded([chunk.ids for chunk in rounds], lengths.chunk)
    batch = {
        "ids": np.concatenate([front_ids, chunk_ids], axis=1),
        "front_positions": _padded([f.positions for f in fronts], lengths.front).swapaxes(0, 1),
        "positions": _padded([r.positions for r in rounds], lengths.chunk).swapaxes(0, 1),
        "kept": _padded([part.kept for part in parts], lengths.kept),
        "kept_positions": _padded([part.kept_positions for part in parts], lengths.kept).swapaxes(0, 1),
        "kept_count": np.array([len(part.kept) for part in parts], np.int32),
        "visual": np.concatenate([_pictures(part, start, lengths) for part, start in zip(parts, starts, strict=True)]),
        "answer_at": np.concatenate([passage.answer_at + start for passage, start in placed]),
        "answer_ids": np.concatenate([passage.answer_ids for passage, _ in placed]),
        "answer_weight": np.concatenate([passage.answer_weight for passage, _ in placed]),
        "rows": np.stack([chunk.rows for chunk in chunks]),
    }
    batch |= {name: np.stack([view[name] for view in views]) for name in views[0]}
    return {name: torch.from_numpy(value) for name, value in batch.items()}


def _padded(rows: Sequence[np.ndarray], length: int) -> np.ndarray:
    """(len(rows), ..., length): rows of (..., n), zeros behind them."""
    padded = np.zeros((len(rows), *rows[0].shape[:-1], length), rows[0].dtype)
    for number, row in enumerate(rows):
        padded[number, ..., : row.shape[-1]] = row
    return padded


def _pictures(part: Encoded, start: int, lengths: Lengths) -> np.ndarray:
    """Where a chunk's visual tokens go; those of pictures that its front has no rounds for, to padding behind it."""
    first = start + lengths.front
    surplus = np.full(FRONT_VISUAL - len(part.front.visual), first - 1, np.int32)
    return np.concatenate([part.front.visual + start, surplus, part.chunk.visual + first])
