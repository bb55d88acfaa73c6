"""Triton kernels of the decode step: a matrix times one token, every weight read once, with what surrounds it.

Norms are folded in: (x * norm_weight) W / |x| needs the length of x only at the end. Outputs are arguments, so that a
CUDA graph can be built from the launches. Arithmetic is float32 with bf16 weights. With fp8 weights it is half
precision, of which a GPU does two at once: converting each weight to float32 takes longer than reading it. x is divided
by UNIT then, so that sums stay in range, and each sum is of few products, before they are put together in float32.
"""

from __future__ import annotations

from dataclasses import dataclass

import triton
import triton.language as tl
from torch import Tensor

from core.engine.backends.cuda.device_functions import rotate_halves
from core.engine.backends.cuda.weights import LinearWeight


@dataclass(frozen=True, slots=True)
class Tile:
    """How a program reads its weights; the quickest of some hundred tried (figures in docs/log)."""

    rows: int
    columns: int
    warps: int
    stages: int
    unroll: int = 1


ADD_TILES = {2: Tile(4, 512, 2, 4), 1: Tile(8, 512, 2, 4)}
HEAD_TILES = {2: Tile(4, 1024, 4, 3), 1: Tile(16, 256, 4, 1, unroll=2)}
QKV_TILES = {2: Tile(4, 256, 2, 4), 1: Tile(8, 256, 1, 4)}
GATE_UP_TILES = {2: Tile(2, 512, 2, 3), 1: Tile(16, 256, 4, 1, unroll=2)}
"""By the bytes of a weight."""
UNIT = tl.constexpr(64.0)
LARGEST = tl.constexpr(65504.0)  # in half precision
FARTHEST = tl.constexpr(64.0)  # times 448, the largest weight, it is half of that


def gemv_add(x: Tensor, matrix: LinearWeight, out: Tensor) -> None:
    """out += matrix x. x: (in,), out: (out,). Raises ValueError for a matrix with a bias."""
    matrix.require_no_bias()
    rows, columns = matrix.weight.shape
    tile = ADD_TILES[matrix.weight.element_size()]
    _gemv[(triton.cdiv(rows, tile.rows),)](
        x, x, matrix.weight, matrix.scales, out, rows, columns, 0.0, False, True, matrix.fp8, **_options(tile, columns)
    )


def norm_gemv(x: Tensor, norm_weight: Tensor, eps: float, matrix: LinearWeight, out: Tensor) -> None:
    """out = matrix RMSNorm(x). x, norm_weight: (in,), out: (out,). Raises ValueError for a matrix with a bias."""
    matrix.require_no_bias()
    rows, columns = matrix.weight.shape
    tile = HEAD_TILES[matrix.weight.element_size()]
    _gemv[(triton.cdiv(rows, tile.rows),)](
        x, norm_weight, matrix.weight, matrix.scales, out, rows, columns, eps, True, False, matrix.fp8,
        **_options(tile, columns),
    )  # fmt: skip


def norm_gate_up(x: Tensor, norm_weight: Tensor, eps: float, matrix: LinearWeight, out: Tensor) -> None:
    """out = silu(gate y) * (up y) for y = RMSNorm(x); the matrix is the rows of gate, then those of up.

    Raises ValueError for a matrix with a bias.
    """
    matrix.require_no_bias()
    rows = len(matrix.weight) // 2
    columns = matrix.weight.shape[1]
    tile = GATE_UP_TILES[matrix.weight.element_size()]
    _norm_gate_up[(triton.cdiv(rows, tile.rows),)](
        x, norm_weight, matrix.weight, matrix.scales, out, rows, columns, eps, matrix.fp8, **_options(tile, columns)
    )


@dataclass(frozen=True, slots=True)
class CacheSlots:
    """Where a token's entries go.

    Attributes:
        state: (4,) int32 on the device: token, step of the line, entry, slot of the raw key.
        cos, sin: (steps, head_dim). q: (heads, head_dim), written.
        keys: (kv_heads, slots, head_dim) of one layer. rotated, values: (kv_heads, capacity, head_dim).
    """

    state: Tensor
    cos: Tensor
    sin: Tensor
    q: Tensor
    keys: Tensor
    rotated: Tensor
    values: Tensor


def qkv_rope_append(x: Tensor, norm_weight: Tensor, eps: float, matrix: LinearWeight, place: CacheSlots) -> None:
    """q, k and v of RMSNorm(x): q rotated into its place, k and v into the cache."""
    heads, head_dim = place.q.shape
    tile = QKV_TILES[matrix.weight.element_size()]
    columns = matrix.weight.shape[1]
    _qkv_rope_append[(len(matrix.weight) // 2 // tile.rows,)](
        x, norm_weight, matrix.weight, matrix.scales, matrix.biases, place.cos, place.sin, place.state,
        place.q, place.keys, place.rotated, place.values, columns, place.keys.stride(0), place.rotated.stride(0), eps,
        matrix.fp8, matrix.bias is not None, heads, len(place.rotated), head_dim, **_options(tile, columns),
    )  # fmt: skip


def _options(tile: Tile, columns: int) -> dict[str, int | bool]:
    return {
        "EVEN": columns % tile.columns == 0, "R": tile.rows, "C": tile.columns, "STAGES": tile.stages,
        "UNROLL": tile.unroll, "num_warps": tile.warps,
    }  # fmt: skip


@triton.jit
def _row_sums(
    x, norm_weight, weight, first, second, columns,
    NORM: tl.constexpr, TWO: tl.constexpr, HALF: tl.constexpr, EVEN: tl.constexpr,
    R: tl.constexpr, C: tl.constexpr, STAGES: tl.constexpr, UNROLL: tl.constexpr,
):  # fmt: skip
    """(R,) of x (times norm_weight) times the rows `first`, (R,) times the rows `second`, and the sum of x squared."""
    across = tl.arange(0, C)
    first_row = weight + first[:, None] * columns + across[None, :]
    second_row = weight + second[:, None] * columns + across[None, :]
    KIND: tl.constexpr = tl.float16 if HALF else tl.float32
    total = tl.zeros([R, C], KIND)
    second_total = tl.zeros([R, C], KIND)
    squares = tl.zeros([C], tl.float32)
    for start in tl.range(0, columns, C, num_stages=STAGES, loop_unroll_factor=UNROLL):
        if EVEN:
            tile = tl.load(first_row + start, eviction_policy="evict_first")
            part = tl.load(x + start + across).to(tl.float32)
        else:
            inside = start + across < columns
            tile = tl.load(first_row + start, inside[None, :], 0.0, eviction_policy="evict_first")
            part = tl.load(x + start + across, inside, 0.0).to(tl.float32)
        if NORM:
            squares += part * part
            if EVEN:
                part *= tl.load(norm_weight + start + across).to(tl.float32)
            else:
                part *= tl.load(norm_weight + start + across, inside, 0.0).to(tl.float32)
        if HALF:
            part = tl.clamp(part / UNIT, -FARTHEST, FARTHEST)
        right = part.to(KIND)[None, :].broadcast_to([R, C])
        total = tl.fma(tile.to(KIND), right, total)
        if TWO:
            if EVEN:
                second_tile = tl.load(second_row + start, eviction_policy="evict_first")
            else:
                second_tile = tl.load(second_row + start, inside[None, :], 0.0, eviction_policy="evict_first")
            second_total = tl.fma(second_tile.to(KIND), right, second_total)
    if HALF:  # where a sum is out of range all the same, it is as far as there is
        total = tl.clamp(total.to(tl.float32), -LARGEST, LARGEST) * UNIT
        second_total = tl.clamp(second_total.to(tl.float32), -LARGEST, LARGEST) * UNIT
    return tl.sum(total, 1), tl.sum(second_total, 1), tl.sum(squares)


@triton.jit
def _gemv(
    x, norm_weight, weight, scale, out, rows, columns, eps, NORM: tl.constexpr, ADD: tl.constexpr, SCALED: tl.constexpr,
    EVEN: tl.constexpr, R: tl.constexpr, C: tl.constexpr, STAGES: tl.constexpr, UNROLL: tl.constexpr,
):  # fmt: skip
    at = tl.program_id(0) * R + tl.arange(0, R)
    read = tl.minimum(at, rows - 1)
    total, _, squares = _row_sums(
        x, norm_weight, weight, read, read, columns, NORM, False, SCALED, EVEN, R, C, STAGES, UNROLL
    )
    if NORM:
        total *= tl.rsqrt(squares / columns + eps)
    if SCALED:
        total *= tl.load(scale + read)
    kind = out.dtype.element_ty
    if ADD:
        total = total.to(kind).to(tl.float32) + tl.load(out + read).to(tl.float32)
    tl.store(out + at, total.to(kind), at < rows)


@triton.jit
def _norm_gate_up(
    x, norm_weight, weight, scale, out, rows, columns, eps, SCALED: tl.constexpr, EVEN: tl.constexpr,
    R: tl.constexpr, C: tl.constexpr, STAGES: tl.constexpr, UNROLL: tl.constexpr,
):  # fmt: skip
    at = tl.program_id(0) * R + tl.arange(0, R)
    read = tl.minimum(at, rows - 1)
    gate, up, squares = _row_sums(
        x, norm_weight, weight, read, rows + read, columns, True, True, SCALED, EVEN, R, C, STAGES, UNROLL
    )
    norm = tl.rsqrt(squares / columns + eps)
    gate = gate * norm
    up = up * norm
    if SCALED:
        gate *= tl.load(scale + read)
        up *= tl.load(scale + rows + read)
    tl.store(out + at, (gate * tl.sigmoid(gate) * up).to(out.dtype.element_ty), at < rows)


@triton.jit
def _qkv_rope_append(
    x, norm_weight, weight, scale, bias, cos, sin, state, q, keys, rotated, values,
    columns, slot_stride, entry_stride, eps,
    SCALED: tl.constexpr, HAS_BIAS: tl.constexpr, HEADS: tl.constexpr, KV: tl.constexpr, D: tl.constexpr,
    EVEN: tl.constexpr,
    R: tl.constexpr, C: tl.constexpr, STAGES: tl.constexpr, UNROLL: tl.constexpr,
):  # fmt: skip
    HALF: tl.constexpr = D // 2
    head = tl.program_id(0) // (HALF // R)
    part = tl.program_id(0) % (HALF // R)
    inner = part * R + tl.arange(0, R)
    at = head * D + inner
    low, high, squares = _row_sums(
        x, norm_weight, weight, at, at + HALF, columns, True, True, SCALED, EVEN, R, C, STAGES, UNROLL
    )
    norm = tl.rsqrt(squares / columns + eps)
    low = low * norm
    high = high * norm
    if SCALED:
        low *= tl.load(scale + at)
        high *= tl.load(scale + at + HALF)
    kind = q.dtype.element_ty
    if HAS_BIAS:
        low += tl.load(bias + at).to(tl.float32)
        high += tl.load(bias + at + HALF).to(tl.float32)
    low = low.to(kind).to(tl.float32)
    high = high.to(kind).to(tl.float32)
    step = tl.load(state + 1)
    entry = tl.load(state + 2)
    slot = tl.load(state + 3)
    c = tl.load(cos + step * D + inner).to(tl.float32)
    s = tl.load(sin + step * D + inner).to(tl.float32)
    rotated_low, rotated_high = rotate_halves(low, high, c, s)
    if head < HEADS:
        tl.store(q + at, rotated_low.to(kind))
        tl.store(q + at + HALF, rotated_high.to(kind))
    elif head < HEADS + KV:
        kv_head = (head - HEADS).to(tl.int64)
        key = keys + kv_head * slot_stride + slot * D + inner
        tl.store(key, low.to(kind))
        tl.store(key + HALF, high.to(kind))
        place = rotated + kv_head * entry_stride + entry * D + inner
        tl.store(place, rotated_low.to(kind))
        tl.store(place + HALF, rotated_high.to(kind))
    else:
        place = values + (head - HEADS - KV).to(tl.int64) * entry_stride + entry * D + inner
        tl.store(place, low.to(kind))
        tl.store(place + HALF, high.to(kind))
