"""The cache's Triton kernel: every kept key rotated for its new position in one pass."""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

ENTRIES = 32  # of a tile


def rotate_all(keys: Tensor, rotated: Tensor, start: int, cos: Tensor, sin: Tensor) -> None:
    """rotated = keys turned by cos and sin, from entry `start` on.

    keys, rotated: (layers, kv_heads, capacity, head_dim); cos, sin: (tokens, head_dim).
    """
    tokens, head_dim = cos.shape
    grid = (triton.cdiv(tokens, ENTRIES), keys.shape[0] * keys.shape[1])
    _rotate_all[grid](keys, rotated, cos, sin, start, tokens, keys.stride(1), head_dim, head_dim // 2, ENTRIES)


@triton.jit
def _rotate_all(
    keys, rotated, cos, sin, start, tokens, head_stride, D: tl.constexpr, HALF: tl.constexpr, BLOCK: tl.constexpr
):
    token = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    base = tl.program_id(1).to(tl.int64) * head_stride
    at = tl.arange(0, HALF)
    inside = (token < tokens)[:, None]
    turn = token[:, None] * D + at[None, :]
    c, s = tl.load(cos + turn, inside, 0.0).to(tl.float32), tl.load(sin + turn, inside, 0.0).to(tl.float32)
    place = base + (start + token)[:, None] * D + at[None, :]
    first = tl.load(keys + place, inside, 0.0).to(tl.float32)
    second = tl.load(keys + place + HALF, inside, 0.0).to(tl.float32)
    tl.store(rotated + place, (first * c - second * s).to(rotated.dtype.element_ty), inside)
    tl.store(rotated + place + HALF, (second * c + first * s).to(rotated.dtype.element_ty), inside)
