"""Finds the vision tokens of a picture that are new; the others repeat the pixels last kept at their place."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.video.resize import pad_frames

CELL = 4  # pixels


@dataclass(frozen=True, slots=True)
class VisionWindow:
    """Which rounds' pictures the context holds when a round is encoded.

    Attributes:
        round: the one about to be encoded.
        oldest: the oldest round whose pictures are kept; `round` where there are none.
        rounds: how many rounds' pictures stay, the coming one included; 0: all.
    """

    round: int
    oldest: int
    rounds: int


class Repeats:
    """Compares each grid of a stream with the pixels last kept at every place.

    A token's difference is the largest mean absolute difference of its cells of 4 x 4 pixels, over the frames of a
    grid. The mean reduces noise and compression artefacts to a few steps; in a cell that small a ball two pixels wide
    or a stroke of a digit still counts (in one of 7 x 7 a third as much). Since it is taken against the picture kept
    and not the one before, a slow change is found once it has added up.

    Attributes:
        threshold: in steps of 255; tokens with a smaller difference repeat.
    """

    def __init__(self, threshold: float, side: int, temporal: int) -> None:
        """side: pixels of a token's edge. temporal: frames of a grid."""
        self.threshold = threshold
        self._side = side
        self._temporal = temporal
        self._cell = math.gcd(side, CELL)
        self.forget()

    def forget(self) -> None:
        """Forget all pictures: everything is new again."""
        self._size = (0, 0)  # rows and columns of tokens
        self._round = -1  # the last one
        self._kept = torch.empty(0)  # (temporal, height, width, 3) float32
        self._seen = np.zeros((0, 0), np.int64)  # round in which each place was last kept

    def new(self, frames: Tensor, window: VisionWindow) -> np.ndarray:
        """The tokens of a round that are new, and those that are due: to be kept again before the context loses them.

        Each round a share of 1 / `window.rounds` of the places is due, so that they do not all come at once; a place
        whose kept token has left the context is due, too, and at least the oldest one is. A grid of another size than
        the last is all new. A round may come in parts, which are all of one size.

        Args:
            frames: (frames, height, width, 3), resized; an odd last one is repeated.

        Returns:
            (t, rows, columns) bool, at least one of them true in a round's first part.
        """
        frames = pad_frames(frames, self._temporal)
        height, width = frames.shape[1:3]
        size = height // self._side, width // self._side
        if size != self._size:
            self._size = size
            self._seen = np.full(size, -1)
            self._kept = torch.zeros((self._temporal, height, width, 3), device=frames.device)
        due = self._due(window) if window.round != self._round else np.zeros(size, bool)
        wanted = torch.from_numpy(due).to(frames.device)
        self._round = window.round
        masks = []
        for pair in frames.split(self._temporal):
            pixels = pair.float()
            masks.append(wanted | (self._difference(pixels) >= self.threshold))
            self._keep(pixels, masks[-1])
            wanted = torch.zeros_like(wanted)
        new = torch.stack(masks).cpu().numpy()
        self._seen[new.any(0)] = window.round
        return new

    def _due(self, window: VisionWindow) -> np.ndarray:
        """(rows, columns) bool: places to be kept again whatever they show."""
        due = (self._seen < window.oldest) | (self._seen < 0)
        if window.rounds:
            due |= np.arange(due.size).reshape(due.shape) % window.rounds == window.round % window.rounds
        if not due.any():
            due.flat[self._seen.argmin()] = True
        return due

    def _difference(self, pixels: Tensor) -> Tensor:
        """(rows, columns) float32: difference of each token of a grid from what was last kept at its place."""
        rows, columns = self._size
        in_row = self._side // self._cell
        difference = (pixels - self._kept).abs_().view(-1, rows * in_row, self._cell, columns * in_row, self._cell * 3)
        cells = difference.mean((2, 4)).view(-1, rows, in_row, columns, in_row)
        return cells.amax((0, 2, 4))

    def _keep(self, pixels: Tensor, mask: Tensor) -> None:
        """Store the pixels of a grid where the (rows, columns) mask is true."""
        rows, columns = self._size
        shape = (self._temporal, rows, self._side, columns, self._side * 3)
        where = mask[None, :, None, :, None]
        self._kept = torch.where(where, pixels.view(shape), self._kept.view(shape)).view(pixels.shape)
