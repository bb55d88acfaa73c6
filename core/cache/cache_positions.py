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
    """Positions of the tokens of a cache, and of text still to be written after them.

    Attributes:
        positions: (3, tokens) float64, origin + M-RoPE position of each token, which is also what its key is rotated
            by; text at the end may not be in it yet.
        origin: the value of position 0. Attention depends on distances alone: to close a gap, the tokens before it move
            up, and the origin with them, so that keys after the gap need no new rotation.
        rebases: gaps are closed; else they stay (mode "native").
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
        """Forget all tokens."""
        self.positions = np.zeros((3, 0))
        self.origin = 0.0

    def extended_to(self, tokens: int) -> np.ndarray:
        """(3, max(tokens, known)) float64: the positions, continued for text to come."""
        known = self.positions.shape[1]
        if tokens <= known:
            return self.positions
        first = self.positions[0, -1] + 1 if known else self.origin  # the last token is text, at the largest position
        text = np.arange(first, first + tokens - known)
        return np.concatenate((self.positions, np.broadcast_to(text, (3, len(text)))), axis=1)

    def truncate(self, tokens: int) -> None:
        """Keep the positions of the first `tokens`."""
        self.positions = self.extended_to(tokens)[:, :tokens]

    def append(self, positions: np.ndarray) -> None:
        """Add tokens after those known. positions: (3, tokens), origin included."""
        self.positions = np.concatenate((self.positions, positions), axis=1)

    def relative(self, tokens: int) -> np.ndarray:
        """(3, max(tokens, known)) float32: M-RoPE positions, without the origin."""
        return (self.extended_to(tokens) - self.origin).astype(np.float32)

    def cos_sin(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """cos, sin (stop - start, head_dim) of the tokens [start, stop), continued for text to come."""
        return self._cos_sin(self.extended_to(stop)[:, start:stop])

    def rebase(self, pieces: Sequence[np.ndarray], fixed: int, front: int) -> None:
        """Join pieces of the positions without gaps, and rotate the keys of tokens that have moved.

        Args:
            pieces: (3, tokens) each, in order. fixed: number of the piece that keeps its positions.
            front: how many tokens there are before all rounds; they are text.
        """
        self.positions = np.concatenate(pieces, axis=1)
        if not self.rebases:
            return
        by = np.repeat(rebase_shifts(pieces, fixed), [piece.shape[1] for piece in pieces])
        self.positions += by
        self.origin = float(self.positions[0, 0])
        moved = np.flatnonzero(by[: self.cache.length])
        has_raw_key = self.cache.slots.has_raw_key(moved)
        if not has_raw_key.all():
            without = moved[~has_raw_key]
            far = on_device(self._device, by[without])
            self.cache.rerotate_keys(without, *shift(far, self._model.head_dim, self._model.rope_theta))
            moved = moved[has_raw_key]
        behind = np.searchsorted(moved, front)
        for tokens, angles in ((moved[:behind], self._front_cos_sin), (moved[behind:], self._cos_sin_of)):
            if len(tokens):
                tokens = self.cache.slots.in_entry_order(tokens)
                self.cache.rotate_keys(tokens, *angles(tokens))

    def _cos_sin(self, positions: np.ndarray) -> tuple[Tensor, Tensor]:
        """cos, sin (n, head_dim) in the dtype of the keys. positions: (3, n), origin included."""
        model = self._model
        relative = on_device(self._device, (positions - self.origin).astype(np.float32))
        return self._from_origin(*mrope(relative, model.head_dim, model.mrope_section, model.rope_theta))

    def _cos_sin_of(self, tokens: np.ndarray) -> tuple[Tensor, Tensor]:
        """The same for any tokens, by number. tokens: (n,)."""
        return self._cos_sin(self.positions[:, tokens])

    def _front_cos_sin(self, tokens: np.ndarray) -> tuple[Tensor, Tensor]:
        """The same for tokens before all rounds, whose positions are their numbers: looked up in a table."""
        if (last := int(tokens.max())) >= len(self._text[0]):
            model = self._model
            positions = torch.arange(float(last + BLOCK), device=self._device).expand(3, -1)
            self._text = mrope(positions, model.head_dim, model.mrope_section, model.rope_theta)
        which = on_device(self._device, tokens)
        return self._from_origin(*(part.index_select(0, which) for part in self._text))

    def _from_origin(self, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor]:
        """float32 cos, sin of positions without the origin -> with it, in the dtype of the keys."""
        cos, sin = further(cos, sin, self.origin, self._model.rope_theta)
        return cos.to(self._dtype), sin.to(self._dtype)
