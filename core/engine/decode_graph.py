"""One decode step as a CUDA graph: a single launch reads every weight once and the cache once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from core.cache.kv_cache import KVCache
from core.engine import kernels
from core.model.decoder import Decoder, DecoderLayer

FP8 = torch.float8_e4m3fn
FP8_MOST = 448.0


@dataclass(frozen=True, slots=True)
class Matrix:
    """The weight of a product, as it is read: bf16, or fp8 with a scale for each row.

    Attributes:
        weight: (out, in). scale: (out,) float32 or None. bias: (out,) or None.
    """

    weight: Tensor
    scale: Tensor | None
    bias: Tensor | None


def matrix(linear: nn.Linear, fp8: bool) -> Matrix:
    """The weight of a linear layer itself, or rounded to fp8 (e4m3) row by row."""
    if not fp8:
        return Matrix(linear.weight, None, linear.bias)
    scale = (linear.weight.abs().amax(1).float() / FP8_MOST).clamp(min=1e-12)
    return Matrix((linear.weight / scale[:, None].to(linear.weight.dtype)).to(FP8), scale, linear.bias)


class DecodeGraph:
    """The decoder for one token after another of a line, over a cache whose buffers stay where they are.

    Attributes:
        limit: most tokens of a line. buffer: which cache buffers it was recorded over.
        logits: (vocab,), of the last step.
    """

    def __init__(self, decoder: Decoder, matrices: list[Matrix], cache: KVCache, limit: int) -> None:
        """`matrices`: those of `matrices_of`. `limit`: most tokens of a line."""
        config, device, dtype = decoder.config, cache.keys.device, cache.keys.dtype
        self.limit, self.buffer = limit, (cache.keys.data_ptr(), cache.capacity)
        self._decoder, self._matrices, self._cache = decoder, matrices, cache
        self._state = torch.zeros(3, dtype=torch.int32, device=device)  # token, step, length
        self._next = torch.zeros(3, dtype=torch.int32, pin_memory=True)
        self._cos, self._sin = torch.zeros(2, limit, config.head_dim, dtype=dtype, device=device)
        splits = max(1, torch.cuda.get_device_properties(device).multi_processor_count // config.kv_heads)

        def room(*shape: int, dtype: torch.dtype = dtype) -> Tensor:
            return torch.empty(shape, dtype=dtype, device=device)

        self._x, self._normed, self._delta = (room(config.hidden) for _ in range(3))
        self._qkv = room(config.heads + 2 * config.kv_heads, config.head_dim)
        self._q, self._attended = room(2, config.heads, config.head_dim)
        self._gated, self.logits = room(config.intermediate), room(config.vocab)
        self._parts = room(config.heads, splits, config.head_dim, dtype=torch.float32)
        self._sums = room(config.heads, splits, 2, dtype=torch.float32)
        self._graph = self._capture()

    def begin(self, cos: Tensor, sin: Tensor) -> None:
        """A new line, whose tokens will be turned by the rows of cos and sin (tokens, head_dim)."""
        self._cos[: len(cos)], self._sin[: len(sin)] = cos, sin

    def step(self, token: int, number: int, length: int) -> Tensor:
        """Run the line's token `number`, whose entry is `length`. Returns logits (1, vocab), valid until the next."""
        self._next[0], self._next[1], self._next[2] = token, number, length
        self._state.copy_(self._next, non_blocking=True)
        self._graph.replay()
        return self.logits[None]

    def _capture(self) -> torch.cuda.CUDAGraph:
        """Record the step; run once before, so that every kernel is compiled. The entry behind the cache is scratch."""
        self._next[0], self._next[1], self._next[2] = 0, 0, self._cache.length
        self._state.copy_(self._next)
        self._run()
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._run()
        return graph

    def _run(self) -> None:
        cache, eps = self._cache, self._decoder.config.norm_eps
        self._x.copy_(self._decoder.embed.weight.index_select(0, self._state[:1])[0])
        delta, head = None, self._matrices[-1]
        for number, layer in enumerate(layers_of(self._decoder)):
            qkv, out, gate_up, down = self._matrices[4 * number : 4 * number + 4]
            keys, rotated, values = cache.keys[number], cache.rotated[number], cache.values[number]
            kernels.add_norm(self._x, delta, layer.input_norm.weight, eps, self._normed)
            kernels.product(self._normed, qkv.weight, qkv.scale, qkv.bias, self._qkv)
            kernels.place(self._qkv, self._cos, self._sin, self._state, self._q, keys, rotated, values)
            kernels.attend(self._q, rotated, values, self._state, self._parts, self._sums, self._attended)
            kernels.product(self._attended, out.weight, out.scale, out.bias, self._delta)
            kernels.add_norm(self._x, self._delta, layer.mlp_norm.weight, eps, self._normed)
            kernels.gated_product(self._normed, gate_up.weight, gate_up.scale, self._gated)
            kernels.product(self._gated, down.weight, down.scale, down.bias, self._delta)
            delta = self._delta
        kernels.add_norm(self._x, delta, self._decoder.norm.weight, eps, self._normed)
        kernels.product(self._normed, head.weight, head.scale, head.bias, self.logits)


def layers_of(decoder: Decoder) -> list[DecoderLayer]:
    """The decoder's layers by their own type."""
    return cast(list[DecoderLayer], list(decoder.layers))


def matrices_of(decoder: Decoder, fp8: bool) -> list[Matrix]:
    """qkv, out, gate_up and down of each layer, then the head."""
    linears = [part for layer in layers_of(decoder) for part in (layer.qkv, layer.out, layer.gate_up, layer.down)]
    return [matrix(linear, fp8) for linear in (*linears, decoder.head)]
