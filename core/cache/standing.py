"""Where each token of a stream stands, and the turning of keys whose distance to the newest one has changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.cache.kv_cache import GRAIN, KVCache, on_device
from core.cache.positions import moves
from core.model.config import ModelConfig
from core.model.rotary import further, mrope, shift


class Standing:
    """The stands of the tokens of a cache, and of those to come behind them.

    Attributes:
        stands: (3, tokens) float64, origin + position of each token, and where its key is turned to; text at the end
            may not have its own yet.
        origin: where position 0 lies. Attention sees distances alone, so keys need not be turned where all that is
            behind a gap moves up to it: what is in front of the gap moves, and the origin with it.
        turns: keys are turned at all; else gaps stay (mode "native").
    """

    def __init__(self, model: ModelConfig, cache: KVCache, turns: bool) -> None:
        self.cache = cache
        self.turns = turns
        self._model = model
        self._device = cache.keys.device
        self._dtype = cache.keys.dtype
        self._text = torch.empty(0), torch.empty(0)  # cos, sin of the first positions of text
        self.restart()

    def restart(self) -> None:
        """Of no token yet."""
        self.stands = np.zeros((3, 0))
        self.origin = 0.0

    def of(self, tokens: int) -> np.ndarray:
        """(3, tokens or more): the stands, and those of text to come behind them."""
        known = self.stands.shape[1]
        if tokens <= known:
            return self.stands
        first = self.stands[0, -1] + 1 if known else self.origin  # the last token is text: none stands farther
        text = np.arange(first, first + tokens - known)
        return np.concatenate((self.stands, np.broadcast_to(text, (3, len(text)))), axis=1)

    def cut(self, tokens: int) -> None:
        """Only so many tokens stand."""
        self.stands = self.of(tokens)[:, :tokens]

    def append(self, stands: np.ndarray) -> None:
        """More tokens behind those that have stands. stands: (3, tokens)."""
        self.stands = np.concatenate((self.stands, stands), axis=1)

    def positions(self, tokens: int) -> np.ndarray:
        """(3, tokens or more) float32, the position of each at this round."""
        return (self.of(tokens) - self.origin).astype(np.float32)

    def rotation(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """cos, sin (stop - start, head_dim) of the tokens [start, stop), and of text to come behind them."""
        return self._angles(self.of(stop)[:, start:stop])

    def close_up(self, pieces: Sequence[np.ndarray], fixed: int, front: int) -> None:
        """Let pieces of the stands stand side by side, and turn the keys of what has moved.

        Args:
            pieces: (3, tokens) each, in order. fixed: the one that stays where it is.
            front: so many tokens stand in front of all rounds.
        """
        self.stands = np.concatenate(pieces, axis=1)
        if not self.turns:
            return
        by = np.repeat(moves(pieces, fixed), [piece.shape[1] for piece in pieces])
        self.stands += by
        self.origin = float(self.stands[0, 0])
        moved = np.flatnonzero(by[: self.cache.length])
        keyed = self.cache.keyed(moved)
        if not keyed.all():
            bare = moved[~keyed]
            far = on_device(self._device, by[bare])
            self.cache.turn_further(bare, *shift(far, self._model.head_dim, self._model.rope_theta))
            moved = moved[keyed]
        behind = np.searchsorted(moved, front)
        for tokens, angles in ((moved[:behind], self._front_angles), (moved[behind:], self._angles_of)):
            if len(tokens):
                tokens = self.cache.as_they_lie(tokens)
                self.cache.turn(tokens, *angles(tokens))

    def _angles(self, stands: np.ndarray) -> tuple[Tensor, Tensor]:
        """cos, sin (n, head_dim), as precise as the keys, for (3, n) stands."""
        model = self._model
        positions = on_device(self._device, (stands - self.origin).astype(np.float32))
        return self._from_origin(*mrope(positions, model.head_dim, model.mrope_section, model.rope_theta))

    def _angles_of(self, tokens: np.ndarray) -> tuple[Tensor, Tensor]:
        """The same of tokens anywhere."""
        return self._angles(self.stands[:, tokens])

    def _front_angles(self, tokens: np.ndarray) -> tuple[Tensor, Tensor]:
        """The same of tokens in front of all rounds, whose positions are their numbers: looked up."""
        if (last := int(tokens.max())) >= len(self._text[0]):
            model = self._model
            positions = torch.arange(float(last + GRAIN), device=self._device).expand(3, -1)
            self._text = mrope(positions, model.head_dim, model.mrope_section, model.rope_theta)
        which = on_device(self._device, tokens)
        return self._from_origin(*(part.index_select(0, which) for part in self._text))

    def _from_origin(self, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor]:
        """Those of positions, float32, to those of stands, as precise as the keys."""
        cos, sin = further(cos, sin, self.origin, self._model.rope_theta)
        return cos.to(self._dtype), sin.to(self._dtype)
