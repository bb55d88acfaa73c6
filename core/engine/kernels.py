"""The decode step's Triton kernels: one token through a layer, every weight read once and nothing else twice.

Each launcher takes its outputs as arguments, so that a CUDA graph can be built from them. Lengths and steps are read on
the device. All arithmetic is float32; what is stored has the type of where it is stored.
"""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

ROWS, COLUMNS = 8, 512  # of a tile of weights that a program holds in registers
KEYS = 64  # of a tile of keys
LEAST_GROUP = 16  # rows that a tensor core's product has at least


def add_norm(x: Tensor, delta: Tensor | None, weight: Tensor, eps: float, out: Tensor) -> None:
    """x += delta, out = RMSNorm(x) * weight. All (hidden,)."""
    block = triton.next_power_of_2(len(x))
    _add_norm[(1,)](x, delta if delta is not None else x, weight, out, len(x), eps, delta is not None, block)


def product(x: Tensor, weight: Tensor, scale: Tensor | None, bias: Tensor | None, out: Tensor) -> None:
    """out = weight x * scale + bias. x: (in,), weight: (out, in) of any float type, scale: (out,) float32."""
    rows, columns = weight.shape
    _product[(triton.cdiv(rows, ROWS),)](
        x, weight, weight if scale is None else scale, weight if bias is None else bias, out, rows, columns,
        scale is not None, bias is not None, columns % COLUMNS == 0, ROWS, COLUMNS,
    )  # fmt: skip


def gated_product(x: Tensor, weight: Tensor, scale: Tensor | None, out: Tensor) -> None:
    """out = silu(gate x) * (up x), `weight` (2 * out, in) being the rows of gate, then those of up."""
    rows, columns = len(weight) // 2, weight.shape[1]
    _gated_product[(triton.cdiv(rows, ROWS // 2),)](
        x, weight, weight if scale is None else scale, out, rows, columns,
        scale is not None, columns % COLUMNS == 0, ROWS // 2, COLUMNS,
    )  # fmt: skip


def place(
    qkv: Tensor, cos: Tensor, sin: Tensor, state: Tensor, q: Tensor, keys: Tensor, rotated: Tensor, values: Tensor
) -> None:
    """Rotate a token's q and k by row `step` of cos and sin, and write its entries at `length`.

    Args:
        qkv: (heads + 2 * kv_heads, head_dim). state: (3,) int32: token, step, length. q: (heads, head_dim), written.
        keys, rotated, values: (kv_heads, capacity, head_dim) of one layer.
    """
    heads, head_dim = q.shape
    _place[(len(qkv),)](
        qkv, cos, sin, state, q, keys, rotated, values, keys.stride(0), heads, len(keys), head_dim, head_dim // 2,
        num_warps=1,
    )  # fmt: skip


def attend(q: Tensor, rotated: Tensor, values: Tensor, state: Tensor, parts: Tensor, sums: Tensor, out: Tensor) -> None:
    """Attention of one token over entries [0, length], the keys split over many programs (Flash-Decoding).

    Args:
        q, out: (heads, head_dim). rotated, values: (kv_heads, capacity, head_dim).
        parts: (heads, splits, head_dim) float32 and sums: (heads, splits, 2) float32, room to work in.
    """
    heads, head_dim = q.shape
    kv_heads, splits = len(rotated), parts.shape[1]
    group = heads // kv_heads
    padded = max(LEAST_GROUP, triton.next_power_of_2(group))
    _attend_split[(kv_heads, splits)](
        q, rotated, values, state, parts, sums, rotated.stride(0), head_dim**-0.5, splits,
        group, padded, head_dim, KEYS, num_warps=4, num_stages=3,
    )  # fmt: skip
    _attend_merge[(heads,)](parts, sums, out, splits, triton.next_power_of_2(splits), head_dim, num_warps=4)


@triton.jit
def _add_norm(x, delta, weight, out, size, eps, ADD: tl.constexpr, BLOCK: tl.constexpr):
    at = tl.arange(0, BLOCK)
    inside = at < size
    total = tl.load(x + at, inside, 0.0)
    if ADD:
        total = total + tl.load(delta + at, inside, 0.0)
        tl.store(x + at, total, inside)
    wide = total.to(tl.float32)
    scale = tl.rsqrt(tl.sum(wide * wide) / size + eps)
    normed = wide * scale * tl.load(weight + at, inside, 0.0).to(tl.float32)
    tl.store(out + at, normed.to(out.dtype.element_ty), inside)


@triton.jit
def _dot_rows(x, weight, rows, first, limit, columns, EVEN: tl.constexpr, R: tl.constexpr, C: tl.constexpr):
    """Sums (R,) of x times the rows first .. first + R - 1 of the weights."""
    at = first + tl.arange(0, R)
    real = (at < limit)[:, None]
    total = tl.zeros([R, C], tl.float32)
    for start in range(0, columns, C):
        across = start + tl.arange(0, C)
        if EVEN:
            part = tl.load(x + across).to(tl.float32)
            tile = tl.load(weight + at[:, None] * columns + across[None, :], real, 0.0)
        else:
            inside = across < columns
            part = tl.load(x + across, inside, 0.0).to(tl.float32)
            tile = tl.load(weight + at[:, None] * columns + across[None, :], real & inside[None, :], 0.0)
        total += tile.to(tl.float32) * part[None, :]
    return tl.sum(total, 1)


@triton.jit
def _product(
    x, weight, scale, bias, out, rows, columns,
    SCALED: tl.constexpr, BIASED: tl.constexpr, EVEN: tl.constexpr, R: tl.constexpr, C: tl.constexpr,
):  # fmt: skip
    first = tl.program_id(0) * R
    at = first + tl.arange(0, R)
    total = _dot_rows(x, weight, rows, first, rows, columns, EVEN, R, C)
    if SCALED:
        total *= tl.load(scale + at, at < rows, 0.0)
    if BIASED:
        total += tl.load(bias + at, at < rows, 0.0).to(tl.float32)
    tl.store(out + at, total.to(out.dtype.element_ty), at < rows)


@triton.jit
def _gated_product(
    x, weight, scale, out, rows, columns, SCALED: tl.constexpr, EVEN: tl.constexpr, R: tl.constexpr, C: tl.constexpr
):
    first = tl.program_id(0) * R
    at = first + tl.arange(0, R)
    gate = _dot_rows(x, weight, rows, first, rows, columns, EVEN, R, C)
    up = _dot_rows(x, weight, rows, rows + first, 2 * rows, columns, EVEN, R, C)
    if SCALED:
        gate *= tl.load(scale + at, at < rows, 0.0)
        up *= tl.load(scale + rows + at, at < rows, 0.0)
    tl.store(out + at, (gate * tl.sigmoid(gate) * up).to(out.dtype.element_ty), at < rows)


@triton.jit
def _place(
    qkv, cos, sin, state, q, keys, rotated, values, head_stride,
    HEADS: tl.constexpr, KV: tl.constexpr, D: tl.constexpr, HALF: tl.constexpr,
):  # fmt: skip
    head = tl.program_id(0)
    step, length = tl.load(state + 1), tl.load(state + 2)
    at = tl.arange(0, HALF)
    first, second = tl.load(qkv + head * D + at), tl.load(qkv + head * D + HALF + at)
    c, s = tl.load(cos + step * D + at).to(tl.float32), tl.load(sin + step * D + at).to(tl.float32)
    turned = first.to(tl.float32) * c - second.to(tl.float32) * s
    turned_too = second.to(tl.float32) * c + first.to(tl.float32) * s
    if head < HEADS:
        tl.store(q + head * D + at, turned.to(q.dtype.element_ty))
        tl.store(q + head * D + HALF + at, turned_too.to(q.dtype.element_ty))
    elif head < HEADS + KV:
        entry = (head - HEADS).to(tl.int64) * head_stride + length * D
        tl.store(keys + entry + at, first)
        tl.store(keys + entry + HALF + at, second)
        tl.store(rotated + entry + at, turned.to(keys.dtype.element_ty))
        tl.store(rotated + entry + HALF + at, turned_too.to(keys.dtype.element_ty))
    else:
        entry = (head - HEADS - KV).to(tl.int64) * head_stride + length * D
        tl.store(values + entry + at, first)
        tl.store(values + entry + HALF + at, second)


@triton.jit
def _attend_split(
    q, rotated, values, state, parts, sums, head_stride, scale, splits,
    GROUP: tl.constexpr, PADDED: tl.constexpr, D: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    kv_head, split = tl.program_id(0), tl.program_id(1)
    tokens = tl.load(state + 2) + 1
    share = tl.cdiv(tl.cdiv(tokens, splits), BLOCK) * BLOCK
    start = split * share
    stop = tl.minimum(start + share, tokens)
    row, at = tl.arange(0, PADDED), tl.arange(0, D)
    head = kv_head * GROUP + row
    real = (row < GROUP)[:, None]
    asked = tl.load(q + head[:, None] * D + at[None, :], real, 0.0)
    base = kv_head.to(tl.int64) * head_stride
    most = tl.full([PADDED], -float("inf"), tl.float32)
    total = tl.zeros([PADDED], tl.float32)
    mixed = tl.zeros([PADDED, D], tl.float32)
    for first in range(start, stop, BLOCK):
        entry = first + tl.arange(0, BLOCK)
        inside = entry < stop
        k = tl.load(rotated + base + entry[:, None] * D + at[None, :], inside[:, None], 0.0)
        v = tl.load(values + base + entry[:, None] * D + at[None, :], inside[:, None], 0.0)
        score = tl.where(inside[None, :], tl.dot(asked, tl.trans(k)) * scale, -float("inf"))
        higher = tl.maximum(most, tl.max(score, 1))
        weight = tl.exp(score - higher[:, None])
        fade = tl.exp(most - higher)
        total = total * fade + tl.sum(weight, 1)
        mixed = mixed * fade[:, None] + tl.dot(weight.to(v.dtype), v)
        most = higher
    place = head * splits + split
    tl.store(parts + place[:, None] * D + at[None, :], mixed, real)
    tl.store(sums + place * 2, most, row < GROUP)
    tl.store(sums + place * 2 + 1, total, row < GROUP)


@triton.jit
def _attend_merge(parts, sums, out, splits, BLOCK: tl.constexpr, D: tl.constexpr):
    head = tl.program_id(0)
    split, at = tl.arange(0, BLOCK), tl.arange(0, D)
    inside = split < splits
    most = tl.load(sums + (head * splits + split) * 2, inside, -float("inf"))
    total = tl.load(sums + (head * splits + split) * 2 + 1, inside, 0.0)
    weight = tl.exp(most - tl.max(most))
    part = tl.load(parts + (head * splits + split)[:, None] * D + at[None, :], inside[:, None], 0.0)
    mixed = tl.sum(part * weight[:, None], 0) / tl.sum(total * weight)
    tl.store(out + head * D + at, mixed.to(out.dtype.element_ty))
