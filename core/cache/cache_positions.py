"""The position of each cached token, and the rotation of keys whose distance to the newest one has changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.cache.cache_size import BLOCK
from core.cache.kv_cache import KVCache, on_device
from core.model.config import ModelConfig
from core.model.qwen2_5_vl.positions import rebase_shifts
from core.model.rotary import further, mrope, shift


class CachePositions:
    """Positions of the tokens of a cache, and of text still to be written behind them.

    Attributes:
        positions: (3, tokens) float64, origin + position of each token, and where its key is turned to; text at the end
            may not have its own yet.
        origin: where position 0 lies. Attention sees distances alone, so keys need not be turned where all that is
            behind a gap moves up to it: what is in front of the gap moves, and the origin with it.
        rebases: keys are turned at all; else gaps stay (mode "native").
    """

    def __init__(self, model: ModelConfig, cache: KVCache, rebases: bool) -> None:
        self.cache = cache
        self.rebases = rebases
        self._model = model
        self._device = cache.raw_keys.device
        self._dtype = cache.raw_keys.dtype
        self._text = torch.empty(0), torch.empty(0)  # cos, sin of the first positions of text
        self.restart()

    def restart(self) -> None:
        """Of no token yet."""
        self.positions = np.zeros((3, 0))
        self.origin = 0.0

    def extended_to(self, tokens: int) -> np.ndarray:
        """(3, tokens or more): the positions, and those of text to come behind them."""
        known = self.positions.shape[1]
        if tokens <= known:
            return self.positions
        first = self.positions[0, -1] + 1 if known else self.origin  # the last token is text: none stands farther
        text = np.arange(first, first + tokens - known)
        return np.concatenate((self.positions, np.broadcast_to(text, (3, len(text)))), axis=1)

    def truncate(self, tokens: int) -> None:
        """Only so many tokens stand."""
        self.positions = self.extended_to(tokens)[:, :tokens]

    def append(self, positions: np.ndarray) -> None:
        """More tokens behind those that have positions. positions: (3, tokens)."""
        self.positions = np.concatenate((self.positions, positions), axis=1)

    def relative(self, tokens: int) -> np.ndarray:
        """(3, tokens or more) float32, the position of each at this round."""
        return (self.extended_to(tokens) - self.origin).astype(np.float32)

    def cos_sin(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """cos, sin (stop - start, head_dim) of the tokens [start, stop), and of text to come behind them."""
        return self._cos_sin(self.extended_to(stop)[:, start:stop])

    def rebase(self, pieces: Sequence[np.ndarray], fixed: int, front: int) -> None:
        """Make pieces of the positions contiguous, and turn the keys of what has moved.

        Args:
            pieces: (3, tokens) each, in order. fixed: the one that stays where it is.
            front: so many tokens stand in front of all rounds.
        """
        self.positions = np.concatenate(pieces, axis=1)
        if not self.rebases:
            return
        by = np.repeat(rebase_shifts(pieces, fixed), [piece.shape[1] for piece in pieces])
        self.positions += by
        self.origin = float(self.positions[0, 0])
        moved = np.flatnonzero(by[: self.cache.length])
        has_raw_key = self.cache.has_raw_key(moved)
        if not has_raw_key.all():
            bare = moved[~has_raw_key]
            far = on_device(self._device, by[bare])
            self.cache.rerotate_keys(bare, *shift(far, self._model.head_dim, self._model.rope_theta))
            moved = moved[has_raw_key]
        behind = np.searchsorted(moved, front)
        for tokens, angles in ((moved[:behind], self._front_cos_sin), (moved[behind:], self._cos_sin_of)):
            if len(tokens):
                tokens = self.cache.in_entry_order(tokens)
                self.cache.rotate_keys(tokens, *angles(tokens))

    def _cos_sin(self, positions: np.ndarray) -> tuple[Tensor, Tensor]:
        """cos, sin (n, head_dim), as precise as the keys, for (3, n) positions."""
        model = self._model
        relative = on_device(self._device, (positions - self.origin).astype(np.float32))
        return self._from_origin(*mrope(relative, model.head_dim, model.mrope_section, model.rope_theta))

    def _cos_sin_of(self, tokens: np.ndarray) -> tuple[Tensor, Tensor]:
        """The same of tokens anywhere."""
        return self._cos_sin(self.positions[:, tokens])

    def _front_cos_sin(self, tokens: np.ndarray) -> tuple[Tensor, Tensor]:
        """The same of tokens in front of all rounds, whose positions are their numbers: looked up."""
        if (last := int(tokens.max())) >= len(self._text[0]):
            model = self._model
            positions = torch.arange(float(last + BLOCK), device=self._device).expand(3, -1)
            self._text = mrope(positions, model.head_dim, model.mrope_section, model.rope_theta)
        which = on_device(self._device, tokens)
        return self._from_origin(*(part.index_select(0, which) for part in self._text))

    def _from_origin(self, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor]:
        """Those of relative positions, float32, to those with the origin added, as precise as the keys."""
        cos, sin = further(cos, sin, self.origin, self._model.rope_theta)
        return cos.to(self._dtype), sin.to(self._dtype)
