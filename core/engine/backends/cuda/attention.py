"""Triton kernels of attention over the KV cache: the keys are split over many programs, whose parts are merged.

One token (Flash-Decoding) and many (FlashAttention-2, the queries of one KV head side by side).
"""

from __future__ import annotations

import math

import numpy as np
import torch
import triton
import triton.language as tl
from torch import Tensor

from core.cache.kv_cache import on_device
from core.engine.backends.cuda.cudnn_prefix import QUERY_PAD, attend_prefix
from core.engine.backends.cuda.device_functions import fp8_scale
from core.engine.backends.cuda.elementwise import Activations

DECODE_KEY_BLOCK = 64  # of a tile of keys for one token
QUERY_BLOCK = 128
KEY_BLOCK = 64  # of tiles for many
MIN_DOT_ROWS = 16  # rows that a tensor core's product has at least
TARGET_PROGRAMS = 660
MAX_SPLITS = 4  # keys are split while there are fewer programs than this


class TritonAttention:
    """See `core.engine.backends.attention.DecodeAttention`; bf16 or fp16, tuned for H100 and H200."""

    name = "triton"

    def __init__(self) -> None:
        self._room: tuple[Tensor, Tensor] | None = None  # for parts and sums of one token; all layers use the same

    def attend(self, q: Tensor, keys: Tensor, values: Tensor, stop: int) -> Tensor:
        """See `Attention.attend`."""
        heads, queries, head_dim = q.shape
        padded = q.new_zeros(heads, padded_queries(queries), head_dim)
        padded[:, :queries] = q
        state = on_device(q.device, np.array([stop - queries, queries], np.int32))
        out = Activations(q.new_empty(queries, heads * head_dim))
        prefill_attention(padded, 0, keys, values, state, 0, out)
        return out.values.view(queries, heads, head_dim).transpose(0, 1)

    def decode(self, q: Tensor, keys: Tensor, values: Tensor, newest: Tensor, out: Tensor) -> None:
        """See `DecodeAttention.decode`."""
        if self._room is None:
            heads, head_dim = q.shape
            multiprocessors = torch.cuda.get_device_properties(q.device).multi_processor_count
            splits = max(1, multiprocessors // len(keys))
            parts = q.new_empty(heads, splits, head_dim, dtype=torch.float32)
            self._room = parts, q.new_empty(heads, splits, 2, dtype=torch.float32)
        decode_attention(q, keys, values, newest, *self._room, out)


def decode_attention(
    q: Tensor, rotated: Tensor, values: Tensor, newest: Tensor, parts: Tensor, sums: Tensor, out: Tensor
) -> None:
    """Attention of one token over entries [0, newest[0]].

    Args:
        q, out: (heads, head_dim). rotated, values: (kv_heads, capacity, head_dim).
        parts: (heads, splits, head_dim) float32 and sums: (heads, splits, 2) float32, room to work in.
    """
    heads, head_dim = q.shape
    kv_heads = len(rotated)
    splits = parts.shape[1]
    group = heads // kv_heads
    padded = max(MIN_DOT_ROWS, triton.next_power_of_2(group))
    _decode_split[(kv_heads, splits)](
        q, rotated, values, newest, parts, sums, rotated.stride(0), head_dim**-0.5, splits,
        group, padded, head_dim, DECODE_KEY_BLOCK, num_warps=4, num_stages=3,
    )  # fmt: skip
    _decode_merge[(heads,)](parts, sums, out, splits, triton.next_power_of_2(splits), head_dim, num_warps=4)


def padded_queries(asking: int) -> int:
    """For how many queries there must be room."""
    return -(-asking // QUERY_PAD) * QUERY_PAD


def split_count(heads: int, kv_heads: int, room: int) -> int:
    """Into how many parts the keys are split for `room` queries."""
    return max(1, min(MAX_SPLITS, TARGET_PROGRAMS // (triton.cdiv(heads // kv_heads * room, QUERY_BLOCK) * kv_heads)))


def prefill_attention(
    q: Tensor, last: int, rotated: Tensor, values: Tensor, state: Tensor, share: int, out: Activations
) -> None:
    """Causal attention of new tokens over all entries, themselves included.

    Args:
        q: (heads, padded(asking), head_dim), contiguous: as `elementwise.rope_append` writes it for `state` and `last`.
        rotated, values: (kv_heads, capacity, head_dim). out: (asking, heads * head_dim), written.
        share: so many keys for each of `split_count` parts, from the front on, are left to cuDNN.
    """
    heads, room, head_dim = q.shape
    kv_heads = len(rotated)
    asking = len(out.values)
    splits = split_count(heads, len(rotated), room)
    seen = attend_prefix(q, rotated, values, share, splits) if share else None
    parts = q.new_empty(splits, *q.shape)
    sums = q.new_empty(splits, heads, room, dtype=torch.float32)
    _prefill_split[(triton.cdiv(heads // kv_heads * room, QUERY_BLOCK), kv_heads, splits)](
        q, rotated, values, parts, sums, rotated.stride(0), head_dim**-0.5 / math.log(2), room, state, last,
        share * splits, heads // kv_heads, head_dim, QUERY_BLOCK, KEY_BLOCK, num_warps=8, num_stages=3,
    )  # fmt: skip
    more, more_sums, more_splits = (*seen, splits) if seen else (parts, sums, 0)
    _prefill_merge[(asking,)](
        parts, sums, splits, more, more_sums, more_splits, out.values, sums if out.scale is None else out.scale,
        room, out.scale is not None, heads, triton.next_power_of_2(heads), head_dim, num_warps=4,
    )  # fmt: skip


@triton.jit
def _decode_split(
    q, rotated, values, newest, parts, sums, head_stride, scale, splits,
    GROUP: tl.constexpr, PADDED: tl.constexpr, D: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    kv_head = tl.program_id(0)
    split = tl.program_id(1)
    tokens = tl.load(newest) + 1
    share = tl.cdiv(tl.cdiv(tokens, splits), BLOCK) * BLOCK
    start = split * share
    stop = tl.minimum(start + share, tokens)
    row = tl.arange(0, PADDED)
    at = tl.arange(0, D)
    head = kv_head * GROUP + row
    real = (row < GROUP)[:, None]
    queries_tile = tl.load(q + head[:, None] * D + at[None, :], real, 0.0)
    base = kv_head.to(tl.int64) * head_stride
    running_max = tl.full([PADDED], -float("inf"), tl.float32)
    total = tl.zeros([PADDED], tl.float32)
    acc = tl.zeros([PADDED, D], tl.float32)
    for first in range(start, stop, BLOCK):
        entry = first + tl.arange(0, BLOCK)
        inside = entry < stop
        k = tl.load(rotated + base + entry[:, None] * D + at[None, :], inside[:, None], 0.0)
        v = tl.load(values + base + entry[:, None] * D + at[None, :], inside[:, None], 0.0)
        score = tl.where(inside[None, :], tl.dot(queries_tile, tl.trans(k)) * scale, -float("inf"))
        new_max = tl.maximum(running_max, tl.max(score, 1))
        weight = tl.exp(score - new_max[:, None])
        rescale = tl.exp(running_max - new_max)
        total = total * rescale + tl.sum(weight, 1)
        acc = acc * rescale[:, None] + tl.dot(weight.to(v.dtype), v)
        running_max = new_max
    place = head * splits + split
    tl.store(parts + place[:, None] * D + at[None, :], acc, real)
    tl.store(sums + place * 2, running_max, row < GROUP)
    tl.store(sums + place * 2 + 1, total, row < GROUP)


@triton.jit
def _decode_merge(parts, sums, out, splits, BLOCK: tl.constexpr, D: tl.constexpr):
    head = tl.program_id(0)
    split = tl.arange(0, BLOCK)
    at = tl.arange(0, D)
    inside = split < splits
    running_max = tl.load(sums + (head * splits + split) * 2, inside, -float("inf"))
    total = tl.load(sums + (head * splits + split) * 2 + 1, inside, 0.0)
    weight = tl.exp(running_max - tl.max(running_max))
    part = tl.load(parts + (head * splits + split)[:, None] * D + at[None, :], inside[:, None], 0.0)
    acc = tl.sum(part * weight[:, None], 0) / tl.sum(total * weight)
    tl.store(out + head * D + at, acc.to(out.dtype.element_ty))


@triton.jit
def _attend_block(
    queries_tile, k_at, v_at, first, limit, stop, scale, running_max, total, acc, MASKED: tl.constexpr,
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
    score = tl.dot(queries_tile, tl.trans(k))
    if MASKED:
        score = tl.where(entry[None, :] <= limit[:, None], score, -float("inf"))
    new_max = tl.maximum(running_max, tl.max(score, 1) * scale)
    weight = tl.exp2(score * scale - new_max[:, None])
    rescale = tl.exp2(running_max - new_max)
    total = total * rescale + tl.sum(weight, 1)
    acc = tl.dot(weight.to(v.dtype), v, acc * rescale[:, None])
    return new_max, total, acc


@triton.jit(do_not_specialize=["room", "last", "begin"])
def _prefill_split(
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
    queries_tile = tl.load(
        q + (kv_head * GROUP * room + row).to(tl.int64)[:, None] * D + at[None, :], real[:, None], 0.0
    )
    limit = old + row % room
    k_at = rotated + kv_head.to(tl.int64) * head_stride
    v_at = values + kv_head.to(tl.int64) * head_stride
    start = begin + split * share
    end = tl.minimum(start + share, tl.minimum(stop, tl.max(tl.where(real, limit, 0)) + 1))
    plain = tl.maximum(start, start + (tl.minimum(end, old) - start) // BLOCK * BLOCK)
    running_max = tl.full([ROWS], -1e30, tl.float32)
    total = tl.zeros([ROWS], tl.float32)
    acc = tl.zeros([ROWS, D], tl.float32)
    for first in tl.range(start, plain, BLOCK):
        running_max, total, acc = _attend_block(
            queries_tile, k_at, v_at, first, limit, end, scale, running_max, total, acc, False, D, BLOCK
        )
    for first in tl.range(plain, end, BLOCK):
        running_max, total, acc = _attend_block(
            queries_tile, k_at, v_at, first, limit, end, scale, running_max, total, acc, True, D, BLOCK
        )
    place = (split * tl.num_programs(1) + kv_head).to(tl.int64) * GROUP * room + row
    seen = total > 0
    acc /= tl.where(seen, total, 1.0)[:, None]
    tl.store(parts + place[:, None] * D + at[None, :], acc.to(parts.dtype.element_ty), real[:, None])
    tl.store(sums + place, tl.where(seen, running_max + tl.log2(tl.where(seen, total, 1.0)), -1e30), real)


@triton.jit(do_not_specialize=["splits", "more_splits", "room"])
def _prefill_merge(
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
    running_max = tl.full([PADDED], -1e30, tl.float32)
    for split in range(0, splits):
        running_max = tl.maximum(running_max, tl.load(sums + split * step + place, real, -1e30))
    for split in range(0, more_splits):
        running_max = tl.maximum(running_max, tl.load(more_sums + split * step + place, real, -1e30) * LOG2E)
    total = tl.zeros([PADDED], tl.float32)
    acc = tl.zeros([PADDED, D], tl.float32)
    for split in range(0, splits):
        weight = tl.exp2(tl.load(sums + split * step + place, real, -1e30) - running_max)
        there = (split * step + place)[:, None] * D + at[None, :]
        acc += weight[:, None] * tl.load(parts + there, real[:, None], 0.0).to(tl.float32)
        total += weight
    for split in range(0, more_splits):
        weight = tl.exp2(tl.load(more_sums + split * step + place, real, -1e30) * LOG2E - running_max)
        there = (split * step + place)[:, None] * D + at[None, :]
        acc += weight[:, None] * tl.load(more + there, real[:, None], 0.0).to(tl.float32)
        total += weight
    acc /= tl.where(real, total, 1.0)[:, None]
    if ROUND:
        scale = fp8_scale(acc)
        tl.store(out_scale + token, scale)
        acc /= scale
    there = token.to(tl.int64) * HEADS * D + head[:, None] * D + at[None, :]
    tl.store(out + there, acc.to(out.dtype.element_ty), real[:, None])
