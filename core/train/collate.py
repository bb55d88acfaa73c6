"""Chunks to one padded batch. Padding stands on the right, where causal attention never looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.train.bundled_config import MERGED_GRID
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN, EncodedChunk

PREFIX_VISUAL = PREFIX_ROUNDS_SEEN * int(np.prod(MERGED_GRID))  # visual tokens of a prefix


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens that every chunk is padded to: of its prefix, of what is kept of that, and of its rounds."""

    prefix: int
    kept: int
    chunk: int

    def fit(self, encoded: EncodedChunk) -> bool:
        """Whether there is room, with one token of padding behind the prefix at least."""
        prefix = len(encoded.prefix.ids)
        chunk = len(encoded.chunk.ids)
        return prefix < self.prefix and len(encoded.kept) <= self.kept and chunk <= self.chunk


Part = tuple[EncodedChunk, Mapping[str, np.ndarray]]


def collate(chunks: Sequence[Part], lengths: Lengths) -> dict[str, Tensor]:
    """Stack chunks of the same number of rounds, each behind its prefix, with the arrays of their frames.

    Returns:
        ids (chunks, prefix + chunk) int32; prefix_positions (3, chunks, prefix), positions (3, chunks, chunk) and
        kept_positions (3, chunks, kept) int16; kept (chunks, kept) int32, places in the prefix; kept_count (chunks,);
        visual, answer_at: flat places in ids, int32; answer_ids int32; answer_weight float32;
        and each array of the frames by its name, stacked over the chunks that have it.
    """
    parts = [encoded for encoded, _ in chunks]
    prefixes = [part.prefix for part in parts]
    rounds = [part.chunk for part in parts]
    tokens = lengths.prefix + lengths.chunk
    starts = range(0, len(parts) * tokens, tokens)
    placed = [*zip(prefixes, starts, strict=True), *zip(rounds, (s + lengths.prefix for s in starts), strict=True)]
    prefix_ids = _padded([prefix.ids for prefix in prefixes], lengths.prefix)
    chunk_ids = _padded([chunk.ids for chunk in rounds], lengths.chunk)
    batch = {
        "ids": np.concatenate([prefix_ids, chunk_ids], axis=1),
        "prefix_positions": _padded([f.positions for f in prefixes], lengths.prefix).swapaxes(0, 1),
        "positions": _padded([r.positions for r in rounds], lengths.chunk).swapaxes(0, 1),
        "kept": _padded([part.kept for part in parts], lengths.kept),
        "kept_positions": _padded([part.kept_positions for part in parts], lengths.kept).swapaxes(0, 1),
        "kept_count": np.array([len(part.kept) for part in parts], np.int32),
        "visual": np.concatenate([_pictures(part, start, lengths) for part, start in zip(parts, starts, strict=True)]),
        "answer_at": np.concatenate([segment.answer_at + start for segment, start in placed]),
        "answer_ids": np.concatenate([segment.answer_ids for segment, _ in placed]),
        "answer_weight": np.concatenate([segment.answer_weight for segment, _ in placed]),
    }
    names = dict.fromkeys(name for _, frames in chunks for name in frames)
    batch |= {name: np.stack([frames[name] for _, frames in chunks if name in frames]) for name in names}
    return {name: torch.from_numpy(value) for name, value in batch.items()}


def _padded(rows: Sequence[np.ndarray], length: int) -> np.ndarray:
    """(len(rows), ..., length): rows of (..., n), zeros behind them."""
    padded = np.zeros((len(rows), *rows[0].shape[:-1], length), rows[0].dtype)
    for number, row in enumerate(rows):
        padded[number, ..., : row.shape[-1]] = row
    return padded


def _pictures(part: EncodedChunk, start: int, lengths: Lengths) -> np.ndarray:
    """Where a chunk's visual tokens go; those of pictures that its prefix has no rounds for, to padding behind it."""
    first = start + lengths.prefix
    surplus = np.full(PREFIX_VISUAL - len(part.prefix.visual), first - 1, np.int32)
    return np.concatenate([part.prefix.visual + start, surplus, part.chunk.visual + first])
