"""Many tokens through a layer: products by cuBLAS, and between each two a Triton kernel for what touches every number.

With fp8 weights the products read fp8 on both sides: each token's numbers are rounded with a scale of their own, and
what reads a product multiplies the scales back in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
import triton
import triton.language as tl
from torch import Tensor
from torch.nn import functional as F

from core.engine.backends.cuda.device_functions import fp8_scale, rotate_halves
from core.engine.backends.cuda.weights import LinearWeight
from core.engine.backends.torch_private import scaled_mm
from core.model.fp8 import FP8, rounded

SILU_BLOCK = 1024  # columns that a program of `_silu_mul` takes
FP8_ALIGNMENT = 16  # the products of fp8 have sides that are multiples of this


@dataclass(frozen=True, slots=True)
class Activations:
    """What a product reads. values: (tokens, n). scale: (tokens,) float32 where the values are fp8."""

    values: Tensor
    scale: Tensor | None = None

    @classmethod
    def empty(cls, like: Tensor, columns: int, fp8: bool) -> Activations:
        """Unset, for as many tokens as `like` has."""
        if not fp8:
            return cls(like.new_empty(len(like), columns))
        return cls(like.new_empty(len(like), columns, dtype=FP8), like.new_empty(len(like), dtype=torch.float32))

    def write(self, values: Tensor) -> None:
        """Take over (tokens, n), rounded where these are fp8."""
        if self.scale is None:
            self.values.copy_(values)
            return
        fp8, scale = rounded(values)
        self.values.copy_(fp8)
        self.scale.copy_(scale)


@dataclass(frozen=True, slots=True)
class LinearOutput:
    """What a product gives: values * scale[:, None] * of.scale + of.bias, the last three only with fp8.

    Attributes:
        values: (tokens, out). scale: of its input. of: the matrix.
    """

    values: Tensor
    scale: Tensor | None
    of: LinearWeight

    def plain(self) -> Tensor:
        """All of it in one tensor (tokens, out)."""
        if self.scale is None:
            return self.values
        product = self.values * self.scale[:, None] * self.of.scales
        return product if self.of.bias is None else product + self.of.bias


def linear(x: Activations, matrix: LinearWeight, apply_scales: bool = False) -> LinearOutput:
    """x times the matrix; `apply_scales`: with the scales of fp8 multiplied in, as fast for small matrices only."""
    if x.scale is None:
        return LinearOutput(F.linear(x.values, matrix.weight, matrix.bias), None, matrix)
    if apply_scales:
        product = scaled_mm(x.values, matrix.weight, x.scale[:, None], matrix.scales[None], matrix.bias)
        return LinearOutput(product, None, matrix)
    if len(matrix.weight) % FP8_ALIGNMENT or matrix.weight.shape[1] % FP8_ALIGNMENT:
        exact = F.linear(x.values.to(torch.bfloat16), matrix.weight.to(torch.bfloat16))
        return LinearOutput(exact, x.scale, matrix)
    one = _unit_scale(x.values.device)
    product = scaled_mm(x.values, matrix.weight, one, one)
    return LinearOutput(product, x.scale, matrix)


@cache
def _unit_scale(device: torch.device) -> Tensor:
    return torch.ones((), device=device)


def add_rms_norm(x: Tensor, delta: LinearOutput | None, norm_weight: Tensor, eps: float, out: Activations) -> None:
    """x += delta, out = RMSNorm(x) * norm_weight. x: (tokens, hidden)."""
    tokens, hidden = x.shape
    _require_bias_added(delta)
    given = delta.values if delta is not None else x
    _add_rms_norm[(tokens,)](
        x, given, *_scales(delta, x), norm_weight, out.values, x if out.scale is None else out.scale, hidden, eps,
        delta is not None, delta is not None and delta.scale is not None, out.scale is not None,
        triton.next_power_of_2(hidden), num_warps=8,
    )  # fmt: skip


def silu_mul(both: LinearOutput, out: Activations) -> None:
    """out = silu(gate) * up; both: (tokens, 2 * n), out: (tokens, n)."""
    _require_bias_added(both)
    tokens, n = out.values.shape
    args = (both.values, *_scales(both, both.values), out.values)
    if out.scale is None:
        _silu_mul[(tokens, triton.cdiv(n, SILU_BLOCK))](*args, n, both.scale is not None, SILU_BLOCK, num_warps=4)
    else:
        block = triton.next_power_of_2(n)
        warps = max(4, min(32, block // 512))
        _silu_mul_fp8[(tokens,)](*args, out.scale, n, both.scale is not None, block, num_warps=warps)


def rope_append(
    qkv: LinearOutput, cos: Tensor, sin: Tensor, slots: Tensor, state: Tensor, n_queries: int,
    q: Tensor, keys: Tensor, rotated: Tensor, values: Tensor,
) -> None:  # fmt: skip
    """Rotate q and k and write the entries [state[0], state[0] + state[1]) of one layer of the cache.

    Args:
        qkv: (tokens, (heads + 2 * kv_heads) * head_dim). cos, sin: (tokens, head_dim).
        slots: (tokens,) int32, where raw keys go; -1: nowhere.
        state: (2,) int32: entries there are, and how many of the tokens are real; the others are written nowhere.
        n_queries: so many of the last real tokens are queries; 0: all.
        q: (heads, n_queries or more, head_dim), written.
        keys: (kv_heads, slots, head_dim). rotated, values: (kv_heads, capacity, head_dim).
    """
    heads, q_rows, head_dim = q.shape
    kv_heads = len(rotated)
    _rope_append[(len(qkv.values),)](
        qkv.values, *_scales(qkv, cos), qkv.of.biases, cos, sin, slots, q, keys, rotated, values,
        state, n_queries, q_rows, keys.stride(0), rotated.stride(0), qkv.scale is not None,
        qkv.scale is not None and qkv.of.bias is not None,
        heads, kv_heads, triton.next_power_of_2(heads + 2 * kv_heads), head_dim // 2, num_warps=4,
    )  # fmt: skip


def _require_bias_added(product: LinearOutput | None) -> None:
    """Kernels that read scaled values multiply the scales in, and add no bias."""
    if product is not None and product.scale is not None and product.of.bias is not None:
        raise ValueError("the layer has a bias, which would be left out; take its product with the scales in it")


def _scales(product: LinearOutput | None, anything: Tensor) -> tuple[Tensor, Tensor]:
    """The two scales of a product, or something in their place that is not read."""
    if product is None or product.scale is None:
        return anything, anything
    return product.scale, product.of.scales


@triton.jit
def _output_row(given, row_scale, column_scale, row, at, inside, size, SCALED: tl.constexpr):
    value = tl.load(given + row * size + at, inside, 0.0).to(tl.float32)
    if SCALED:
        value *= tl.load(row_scale + row) * tl.load(column_scale + at, inside, 0.0)
    return value


@triton.jit
def _add_rms_norm(
    x, given, row_scale, column_scale, norm_weight, out, out_scale, size, eps,
    ADD: tl.constexpr, SCALED: tl.constexpr, ROUND: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    at = tl.arange(0, BLOCK)
    inside = at < size
    total = tl.load(x + row * size + at, inside, 0.0)
    if ADD:
        delta = _output_row(given, row_scale, column_scale, row, at, inside, size, SCALED)
        total = (total.to(tl.float32) + delta).to(total.dtype)
        tl.store(x + row * size + at, total, inside)
    total = total.to(tl.float32)
    normed = total * tl.rsqrt(tl.sum(total * total) / size + eps)
    normed *= tl.load(norm_weight + at, inside, 0.0).to(tl.float32)
    if ROUND:
        scale = fp8_scale(normed)
        tl.store(out_scale + row, scale)
        normed /= scale
    tl.store(out + row * size + at, normed.to(out.dtype.element_ty), inside)


@triton.jit
def _silu_mul_row(both, row_scale, column_scale, row, at, n, SCALED: tl.constexpr):
    inside = at < n
    low = _output_row(both, row_scale, column_scale, row, at, inside, 2 * n, SCALED)
    high = _output_row(both, row_scale, column_scale, row, n + at, inside, 2 * n, SCALED)
    return low * tl.sigmoid(low) * high


@triton.jit
def _silu_mul(both, row_scale, column_scale, out, n, SCALED: tl.constexpr, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    gated = _silu_mul_row(both, row_scale, column_scale, row, at, n, SCALED)
    tl.store(out + row * n + at, gated.to(out.dtype.element_ty), at < n)


@triton.jit
def _silu_mul_fp8(
    both, row_scale, column_scale, out, out_scale, n, SCALED: tl.constexpr, BLOCK: tl.constexpr
):  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    at = tl.arange(0, BLOCK)
    gated = _silu_mul_row(both, row_scale, column_scale, row, at, n, SCALED)
    scale = fp8_scale(gated)
    tl.store(out_scale + row, scale)
    tl.store(out + row * n + at, (gated / scale).to(out.dtype.element_ty), at < n)


@triton.jit(do_not_specialize=["n_queries", "q_rows"])
def _rope_append(
    qkv, row_scale, column_scale, bias, cos, sin, slots, q, keys, rotated, values,
    state, n_queries, q_rows, slot_stride, entry_stride, SCALED: tl.constexpr, HAS_BIAS: tl.constexpr,
    HEADS: tl.constexpr, KV: tl.constexpr, ALL: tl.constexpr, HALF: tl.constexpr,
):  # fmt: skip
    D: tl.constexpr = 2 * HALF
    WIDTH: tl.constexpr = (HEADS + 2 * KV) * D
    token = tl.program_id(0).to(tl.int64)
    start = tl.load(state)
    tokens = tl.load(state + 1)
    written = token < tokens
    head = tl.arange(0, ALL)[:, None]
    inner = tl.arange(0, HALF)[None, :]
    real = (head < HEADS + 2 * KV) & (inner < HALF)
    at = head * D + inner
    low = _output_row(qkv, row_scale, column_scale, token, at, real, WIDTH, SCALED)
    high = _output_row(qkv, row_scale, column_scale, token, at + HALF, real, WIDTH, SCALED)
    kind = q.dtype.element_ty
    if SCALED:
        if HAS_BIAS:
            low += tl.load(bias + at, real, 0.0).to(tl.float32)
            high += tl.load(bias + at + HALF, real, 0.0).to(tl.float32)
        low = low.to(kind).to(tl.float32)
        high = high.to(kind).to(tl.float32)
    c = tl.load(cos + token * D + inner).to(tl.float32)
    s = tl.load(sin + token * D + inner).to(tl.float32)
    rotated_low, rotated_high = rotate_halves(low, high, c, s)
    rotated_low = rotated_low.to(kind)
    rotated_high = rotated_high.to(kind)
    query_number = tl.where(n_queries > 0, token - tokens + n_queries, token)
    query = q + (head * q_rows + query_number) * D + inner
    is_query = (head < HEADS) & (query_number >= 0) & (inner < HALF) & written
    tl.store(query, rotated_low, is_query)
    tl.store(query + HALF, rotated_high, is_query)
    is_key = (head >= HEADS) & (head < HEADS + KV) & (inner < HALF) & written
    entry = rotated + (head - HEADS).to(tl.int64) * entry_stride + (start + token) * D + inner
    tl.store(entry, rotated_low, is_key)
    tl.store(entry + HALF, rotated_high, is_key)
    slot = tl.load(slots + token)
    key = keys + (head - HEADS).to(tl.int64) * slot_stride + slot * D + inner
    tl.store(key, low.to(kind), is_key & (slot >= 0))
    tl.store(key + HALF, high.to(kind), is_key & (slot >= 0))
    is_value = (head >= HEADS + KV) & real & written
    entry = values + (head - HEADS - KV).to(tl.int64) * entry_stride + (start + token) * D + inner
    tl.store(entry, low.to(kind), is_value)
    tl.store(entry + HALF, high.to(kind), is_value)
