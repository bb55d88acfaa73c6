"""Chunks to one padded batch. Padding stands on the right, where causal attention never looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from core.train.bank import Drawn


def collate(chunks: Sequence[Drawn], views: Sequence[Mapping[str, np.ndarray]], tokens: int) -> dict[str, Tensor]:
    """Stack chunks of the same number of rounds.

    Returns:
        ids (chunks, tokens) int32; positions (3, chunks, tokens) int16; visual, answer_at: flat places in ids, int32;
        answer_ids int32; answer_weight float32; answer_chunk, answer_round: whose answer it is;
        rows (chunks, frames, n, 10) float32; and each entry of the views, stacked.
    """
    ids = np.zeros((len(chunks), tokens), np.int32)
    positions = np.zeros((3, len(chunks), tokens), np.int16)
    for number, chunk in enumerate(chunks):
        length = len(chunk.encoded.ids)
        ids[number, :length] = chunk.encoded.ids
        positions[:, number, :length] = chunk.encoded.positions
    parts = [chunk.encoded for chunk in chunks]
    batch = {
        "ids": ids,
        "positions": positions,
        "visual": np.concatenate([part.visual + n * tokens for n, part in enumerate(parts)]),
        "answer_at": np.concatenate([part.answer_at + n * tokens for n, part in enumerate(parts)]),
        "answer_ids": np.concatenate([part.answer_ids for part in parts]),
        "answer_weight": np.concatenate([part.answer_weight for part in parts]),
        "answer_chunk": np.concatenate([np.full(len(part.answer_at), n, np.int16) for n, part in enumerate(parts)]),
        "answer_round": np.concatenate([part.answer_round for part in parts]),
        "rows": np.stack([chunk.rows for chunk in chunks]),
    }
    batch |= {name: np.stack([view[name] for view in views]) for name in views[0]}
    return {name: torch.from_numpy(value) for name, value in batch.items()}
