"""Which tokens of a picture are new: the others repeat the pixels last kept at their place."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.video.patches import pad_frames

CELL = 4  # pixels


@dataclass(frozen=True, slots=True)
class VisionWindow:
    """What the context still holds of the pictures when a round is seen.

    Attributes:
        round: the one about to be seen.
        oldest: the oldest round whose pictures are there; `round` where there are none.
        rounds: so many rounds' pictures stay, the coming one included; 0: all of them.
    """

    round: int
    oldest: int
    rounds: int


class Repeats:
    """Compares each grid of a stream with the pixels last kept at every place.

    How far a token's pixels are apart is the largest mean over cells of 4 x 4 pixels of the absolute difference, the
    frames of a grid each against its counterpart. The mean takes noise and the marks of compression down to a few
    steps; in a cell that small a ball two pixels wide or a stroke of a digit still counts (in one of 7 x 7 a third as
    much). Compared with what was kept and not with the picture before, a slow change is noticed once it has added up.

    Attributes:
        threshold: in steps of 255; what is less far apart repeats.
    """

    def __init__(self, threshold: float, side: int, temporal: int) -> None:
        """side: pixels of a token's edge. temporal: frames of a grid."""
        self.threshold = threshold
        self._side = side
        self._temporal = temporal
        self._cell = math.gcd(side, CELL)
        self.forget()

    def forget(self) -> None:
        """Begin anew: everything is new."""
        self._size = (0, 0)
        self._round = -1  # rows and columns of tokens, and what was last seen of
        self._kept = torch.empty(0)  # (temporal, height, width, 3) float32
        self._seen = np.zeros((0, 0), np.int64)  # round in which each place was last kept

    def new(self, frames: Tensor, window: VisionWindow) -> np.ndarray:
        """The tokens of a round that are new, and those that must be seen again before the context loses them.

        Each round sees some places again, a share of 1 / `window.rounds`, so that they do not all come due at once; a
        place whose kept token has left the context already is due, too, and at least the one longest unseen is. A grid
        of another size than the last is all new. A round may be seen in parts, which are all of one size.

        Args:
            frames: (frames, height, width, 3) as the tower gets them; an odd last one stands for two.

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
            masks.append(wanted | (self._apart(pixels) >= self.threshold))
            self._keep(pixels, masks[-1])
            wanted = torch.zeros_like(wanted)
        new = torch.stack(masks).cpu().numpy()
        self._seen[new.any(0)] = window.round
        return new

    def _due(self, window: VisionWindow) -> np.ndarray:
        """(rows, columns) bool: places to be seen again whatever they show."""
        due = (self._seen < window.oldest) | (self._seen < 0)
        if window.rounds:
            due |= np.arange(due.size).reshape(due.shape) % window.rounds == window.round % window.rounds
        if not due.any():
            due.flat[self._seen.argmin()] = True
        return due

    def _apart(self, pixels: Tensor) -> Tensor:
        """(rows, columns) float32: how far each token of a grid is from what was last kept at its place."""
        rows, columns = self._size
        in_row = self._side // self._cell
        apart = (pixels - self._kept).abs_().view(-1, rows * in_row, self._cell, columns * in_row, self._cell * 3)
        cells = apart.mean((2, 4)).view(-1, rows, in_row, columns, in_row)
        return cells.amax((0, 2, 4))

    def _keep(self, pixels: Tensor, mask: Tensor) -> None:
        """Remember the pixels of a grid where the (rows, columns) mask is true."""
        rows, columns = self._size
        shape = (self._temporal, rows, self._side, columns, self._side * 3)
        where = mask[None, :, None, :, None]
        self._kept = torch.where(where, pixels.view(shape), self._kept.view(shape)).view(pixels.shape)
