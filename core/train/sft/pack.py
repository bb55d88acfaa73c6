"""Samples in one sequence, each of which sees itself alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from torch import Tensor

from core.train.sft.encoded_sample import EncodedSample


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """One sequence.

    Attributes:
        lengths: tokens of each sample.
        ids: (tokens,) int64. positions: (3, tokens) float32. visual: (vision tokens,) int64.
        answer_at, answer_ids: (n,) int64; weight: (n,) float32; decides: (n,) bool; see `EncodedText`.
        frames: uint8 (frames, height, width, 3) of each sample.
    """

    lengths: tuple[int, ...]
    ids: Tensor
    positions: Tensor
    visual: Tensor
    answer_at: Tensor
    answer_ids: Tensor
    weight: Tensor
    decides: Tensor
    frames: tuple[Tensor, ...]

    def to(self, device: torch.device) -> Pack:
        """The pack on a device."""
        tensors = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("lengths", "frames")}
        moved = {name: tensor.to(device, non_blocking=True) for name, tensor in tensors.items()}
        return replace(self, **moved, frames=tuple(frames.to(device, non_blocking=True) for frames in self.frames))

    def without_weight(self) -> Pack:
        """The same with nothing in the loss: for a process that has no pack left when others have."""
        return replace(self, weight=torch.zeros_like(self.weight))


def packed(samples: Iterable[EncodedSample], tokens: int) -> Iterator[Pack]:
    """Packs of up to `tokens` tokens, in order; a longer sample has one of its own."""
    waiting: list[EncodedSample] = []
    length = 0
    for sample in samples:
        more = len(sample.text.ids)
        if waiting and length + more > tokens:
            yield pack(waiting)
            waiting = []
            length = 0
        waiting.append(sample)
        length += more
    if waiting:
        yield pack(waiting)


def pack(samples: Sequence[EncodedSample]) -> Pack:
    """One after the other."""
    texts = [sample.text for sample in samples]
    lengths = [len(text.ids) for text in texts]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])

    def joined(name: str, dtype: type, shifted: bool = False) -> Tensor:
        parts = [getattr(text, name) + (start if shifted else 0) for text, start in zip(texts, starts, strict=True)]
        return torch.from_numpy(np.concatenate(parts, axis=-1).astype(dtype))

    return Pack(
        lengths=tuple(lengths),
        ids=joined("ids", np.int64),
        positions=joined("positions", np.float32),
        visual=joined("visual", np.int64, shifted=True),
        answer_at=joined("answer_at", np.int64, shifted=True),
        answer_ids=joined("answer_ids", np.int64),
        weight=joined("weight", np.float32),
        decides=joined("decides", bool),
        frames=tuple(sample.frames for sample in samples),
    )
