"""Triton kernels of attention over the KV cache: the keys are split over many programs, whose parts are merged.

One token (Flash-Decoding) and many (FlashAttention-2, the queries of one KV head side by side).
"""

from __future__ import annotations

import math

import torch
import triton
import triton.language as tl
from torch import Tensor

from core.engine.cuda.rows import Numbers, step_of
from core.engine.cuda.shared import GRAIN, attend_shared

KEYS = 64  # of a tile of keys for one token
QUERIES = 128
MANY_KEYS = 64  # of tiles for many
LEAST_GROUP = 16  # rows that a tensor core's product has at least
PROGRAMS = 660
MOST_SPLITS = 4  # keys are split while there are fewer programs than this


def attend(q: Tensor, rotated: Tensor, values: Tensor, state: Tensor, parts: Tensor, sums: Tensor, out: Tensor) -> None:
    """Attention of one token over entries [0, state[2]].

    Args:
        q, out: (heads, head_dim). rotated, values: (kv_heads, capacity, head_dim).
        parts: (heads, splits, head_dim) float32 and sums: (heads, splits, 2) float32, room to work in.
    """
    heads, head_dim = q.shape
    kv_heads = len(rotated)
    splits = parts.shape[1]
    group = heads // kv_heads
    padded = max(LEAST_GROUP, triton.next_power_of_2(group))
    _split[(kv_heads, splits)](
        q, rotated, values, state, parts, sums, rotated.stride(0), head_dim**-0.5, splits,
        group, padded, head_dim, KEYS, num_warps=4, num_stages=3,
    )  # fmt: skip
    _merge[(heads,)](parts, sums, out, splits, triton.next_power_of_2(splits), head_dim, num_warps=4)


def padded(asking: int) -> int:
    """For how many queries there must be room."""
    return -(-asking // GRAIN) * GRAIN


def splits_of(heads: int, kv_heads: int, room: int) -> int:
    """Into how many parts the keys are split for `room` queries."""
    return max(1, min(MOST_SPLITS, PROGRAMS // (triton.cdiv(heads // kv_heads * room, QUERIES) * kv_heads)))


def attend_many(q: Tensor, last: int, rotated: Tensor, values: Tensor, state: Tensor, share: int, out: Numbers) -> None:
    """Causal attention of new tokens over all entries, themselves included.

    Args:
        q: (heads, padded(asking), head_dim), contiguous: as `rows.place` writes it for `state` and `last`.
        rotated, values: (kv_heads, capacity, head_dim). out: (asking, heads * head_dim), written.
        share: so many keys for each of `splits_of` parts, from the front on, are left to cuDNN.
    """
    heads, room, head_dim = q.shape
    kv_heads = len(rotated)
    asking = len(out.values)
    splits = splits_of(heads, len(rotated), room)
    seen = attend_shared(q, rotated, values, share, splits) if share else None
    parts = q.new_empty(splits, *q.shape)
    sums = q.new_empty(splits, heads, room, dtype=torch.float32)
    _many[(triton.cdiv(heads // kv_heads * room, QUERIES), kv_heads, splits)](
        q, rotated, values, parts, sums, rotated.stride(0), head_dim**-0.5 / math.log(2), room, state, last,
        share * splits, heads // kv_heads, head_dim, QUERIES, MANY_KEYS, num_warps=8, num_stages=3,
    )  # fmt: skip
    more, more_sums, more_splits = (*seen, splits) if seen else (parts, sums, 0)
    _merge_many[(asking,)](
        parts, sums, splits, more, more_sums, more_splits, out.values, sums if out.scale is None else out.scale,
        room, out.scale is not None, heads, triton.next_power_of_2(heads), head_dim, num_warps=4,
    )  # fmt: skip


@triton.jit
def _split(
    q, rotated, values, state, parts, sums, head_stride, scale, splits,
    GROUP: tl.constexpr, PADDED: tl.constexpr, D: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    kv_head = tl.program_id(0)
    split = tl.program_id(1)
    tokens = tl.load(state + 2) + 1
    share = tl.cdiv(tl.cdiv(tokens, splits), BLOCK) * BLOCK
    start = split * share
    stop = tl.minimum(start + share, tokens)
    row = tl.arange(0, PADDED)
    at = tl.arange(0, D)
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
def _merge(parts, sums, out, splits, BLOCK: tl.constexpr, D: tl.constexpr):
    head = tl.program_id(0)
    split = tl.arange(0, BLOCK)
    at = tl.arange(0, D)
    inside = split < splits
    most = tl.load(sums + (head * splits + split) * 2, inside, -float("inf"))
    total = tl.load(sums + (head * splits + split) * 2 + 1, inside, 0.0)
    weight = tl.exp(most - tl.max(most))
    part = tl.load(parts + (head * splits + split)[:, None] * D + at[None, :], inside[:, None], 0.0)
    mixed = tl.sum(part * weight[:, None], 0) / tl.sum(total * weight)
    tl.store(out + head * D + at, mixed.to(out.dtype.element_ty))


@triton.jit
def _block(
    asked, k_at, v_at, first, limit, stop, scale, most, total, mixed, MASKED: tl.constexpr,
    D: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    entry = first + tl.arange(0, BLOCK)
    at = entry[:, None] * D + tl.arange(0, D)[None, :]
    if MASKED:
        inside = (entry < stop)[:, None]
        k = tl.load(k_at + at, inside, 0.0)
        v = tl.load(v_at + at, inside, 0.0)
    else:
        k = tl.load(k_at + at)
        v = tl.load(v_at + at)
    score = tl.dot(asked, tl.trans(k))
    if MASKED:
        score = tl.where(entry[None, :] <= limit[:, None], score, -float("inf"))
    higher = tl.maximum(most, tl.max(score, 1) * scale)
    weight = tl.exp2(score * scale - higher[:, None])
    fade = tl.exp2(most - higher)
    total = total * fade + tl.sum(weight, 1)
    mixed = tl.dot(weight.to(v.dtype), v, mixed * fade[:, None])
    return higher, total, mixed


@triton.jit(do_not_specialize=["room", "last", "begin"])
def _many(
    q, rotated, values, parts, sums, head_stride, scale, room, state, last, begin,
    GROUP: tl.constexpr, D: tl.constexpr, ROWS: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """Queries of a KV head, head after head, and their share of the keys from `begin` on; `scale` is for exp2."""
    kv_head = tl.program_id(1)
    split = tl.program_id(2)
    old = tl.load(state)
    stop = old + tl.load(state + 1)
    old = tl.where(last > 0, stop - last, old)
    share = tl.cdiv(tl.cdiv(stop - begin, tl.num_programs(2)), BLOCK) * BLOCK
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    at = tl.arange(0, D)
    real = row < GROUP * room
    asked = tl.load(q + (kv_head * GROUP * room + row).to(tl.int64)[:, None] * D + at[None, :], real[:, None], 0.0)
    limit = old + row % room
    k_at = rotated + kv_head.to(tl.int64) * head_stride
    v_at = values + kv_head.to(tl.int64) * head_stride
    start = begin + split * share
    end = tl.minimum(start + share, tl.minimum(stop, tl.max(tl.where(real, limit, 0)) + 1))
    plain = tl.maximum(start, start + (tl.minimum(end, old) - start) // BLOCK * BLOCK)
    most = tl.full([ROWS], -1e30, tl.float32)
    total = tl.zeros([ROWS], tl.float32)
    mixed = tl.zeros([ROWS, D], tl.float32)
    for first in tl.range(start, plain, BLOCK):
        most, total, mixed = _block(asked, k_at, v_at, first, limit, end, scale, most, total, mixed, False, D, BLOCK)
    for first in tl.range(plain, end, BLOCK):
        most, total, mixed = _block(asked, k_at, v_at, first, limit, end, scale, most, total, mixed, True, D, BLOCK)
    place = (split * tl.num_programs(1) + kv_head).to(tl.int64) * GROUP * room + row
    seen = total > 0
    mixed /= tl.where(seen, total, 1.0)[:, None]
    tl.store(parts + place[:, None] * D + at[None, :], mixed.to(parts.dtype.element_ty), real[:, None])
    tl.store(sums + place, tl.where(seen, most + tl.log2(tl.where(seen, total, 1.0)), -1e30), real)


@triton.jit(do_not_specialize=["splits", "more_splits", "room"])
def _merge_many(
    parts, sums, splits, more, more_sums, more_splits, out, out_scale, room, ROUND: tl.constexpr,
    HEADS: tl.constexpr, PADDED: tl.constexpr, D: tl.constexpr,
):  # fmt: skip
    """`sums` are to base two, `more_sums` natural."""
    LOG2E: tl.constexpr = 1.4426950408889634
    token = tl.program_id(0)
    head = tl.arange(0, PADDED)
    at = tl.arange(0, D)
    real = head < HEADS
    place = head.to(tl.int64) * room + token
    step = HEADS * room
    most = tl.full([PADDED], -1e30, tl.float32)
    for split in range(0, splits):
        most = tl.maximum(most, tl.load(sums + split * step + place, real, -1e30))
    for split in range(0, more_splits):
        most = tl.maximum(most, tl.load(more_sums + split * step + place, real, -1e30) * LOG2E)
    total = tl.zeros([PADDED], tl.float32)
    mixed = tl.zeros([PADDED, D], tl.float32)
    for split in range(0, splits):
        weight = tl.exp2(tl.load(sums + split * step + place, real, -1e30) - most)
        there = (split * step + place)[:, None] * D + at[None, :]
        mixed += weight[:, None] * tl.load(parts + there, real[:, None], 0.0).to(tl.float32)
        total += weight
    for split in range(0, more_splits):
        weight = tl.exp2(tl.load(more_sums + split * step + place, real, -1e30) * LOG2E - most)
        there = (split * step + place)[:, None] * D + at[None, :]
        mixed += weight[:, None] * tl.load(more + there, real[:, None], 0.0).to(tl.float32)
        total += weight
    mixed /= tl.where(real, total, 1.0)[:, None]
    if ROUND:
        scale = step_of(mixed)
        tl.store(out_scale + token, scale)
        mixed /= scale
    there = token.to(tl.int64) * HEADS * D + head[:, None] * D + at[None, :]
    tl.store(out + there, mixed.to(out.dtype.element_ty), real[:, None])
