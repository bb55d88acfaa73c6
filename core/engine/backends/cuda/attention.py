"""Triton kernels of attention over the KV cache: the keys are split over many programs, whose results are merged.

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
        self._workspace: tuple[Tensor, Tensor] | None = None  # of `decode_attention`; all layers use the same

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
        if self._workspace is None:
            heads, head_dim = q.shape
            multiprocessors = torch.cuda.get_device_properties(q.device).multi_processor_count
            splits = max(1, multiprocessors // len(keys))
            partial_out = q.new_empty(heads, splits, head_dim, dtype=torch.float32)
            self._workspace = partial_out, q.new_empty(heads, splits, 2, dtype=torch.float32)
        decode_attention(q, keys, values, newest, *self._workspace, out)


def decode_attention(
    q: Tensor, rotated: Tensor, values: Tensor, newest: Tensor, partial_out: Tensor, stats: Tensor, out: Tensor
) -> None:
    """Attention of one token over entries [0, newest[0]].

    Args:
        q, out: (heads, head_dim). rotated, values: (kv_heads, capacity, head_dim).
        partial_out: (heads, splits, head_dim) float32 and stats: (heads, splits, 2) float32, workspace: of each
            split its output, and the maximum and the sum of its softmax.
    """
    heads, head_dim = q.shape
    kv_heads = len(rotated)
    splits = partial_out.shape[1]
    group = heads // kv_heads
    padded = max(MIN_DOT_ROWS, triton.next_power_of_2(group))
    _decode_split[(kv_heads, splits)](
        q, rotated, values, newest, partial_out, stats, rotated.stride(0), head_dim**-0.5, splits,
        group, padded, head_dim, DECODE_KEY_BLOCK, num_warps=4, num_stages=3,
    )  # fmt: skip
    _decode_merge[(heads,)](partial_out, stats, out, splits, triton.next_power_of_2(splits), head_dim, num_warps=4)


def padded_queries(queries: int) -> int:
    """The number of queries that is allocated for so many: a multiple of QUERY_PAD."""
    return -(-queries // QUERY_PAD) * QUERY_PAD


def split_count(heads: int, kv_heads: int, q_rows: int) -> int:
    """Into how many splits the keys go, for so many queries a head, padding included."""
    programs = triton.cdiv(heads // kv_heads * q_rows, QUERY_BLOCK) * kv_heads
    return max(1, min(MAX_SPLITS, TARGET_PROGRAMS // programs))


def prefill_attention(
    q: Tensor, n_queries: int, rotated: Tensor, values: Tensor, state: Tensor, prefix_per_split: int, out: Activations
) -> None:
    """Causal attention of new tokens over all entries, themselves included.

    Args:
        q: (heads, q_rows, head_dim), contiguous: as `elementwise.rope_append` writes it for `state` and `n_queries`;
            q_rows = padded_queries(queries).
        rotated, values: (kv_heads, capacity, head_dim). out: (queries, heads * head_dim), written.
        prefix_per_split: so many keys for each of `split_count` splits, from the first on, are left to cuDNN; 0: none.
    """
    heads, q_rows, head_dim = q.shape
    kv_heads = len(rotated)
    queries = len(out.values)
    splits = split_count(heads, len(rotated), q_rows)
    prefix = attend_prefix(q, rotated, values, prefix_per_split, splits) if prefix_per_split else None
    partial_out = q.new_empty(splits, *q.shape)
    partial_lse = q.new_empty(splits, heads, q_rows, dtype=torch.float32)
    _prefill_split[(triton.cdiv(heads // kv_heads * q_rows, QUERY_BLOCK), kv_heads, splits)](
        q, rotated, values, partial_out, partial_lse, rotated.stride(0), head_dim**-0.5 / math.log(2), q_rows, state,
        n_queries, prefix_per_split * splits, heads // kv_heads, head_dim, QUERY_BLOCK, KEY_BLOCK,
        num_warps=8, num_stages=3,
    )  # fmt: skip
    prefix_out, prefix_lse, prefix_splits = (*prefix, splits) if prefix else (partial_out, partial_lse, 0)
    _prefill_merge[(queries,)](
        partial_out, partial_lse, splits, prefix_out, prefix_lse, prefix_splits,
        out.values, partial_lse if out.scale is None else out.scale, q_rows,
        out.scale is not None, heads, triton.next_power_of_2(heads), head_dim, num_warps=4,
    )  # fmt: skip


@triton.jit
def _decode_split(
    q, rotated, values, newest, partial_out, stats, head_stride, scale, splits,
    GROUP: tl.constexpr, PADDED: tl.constexpr, D: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    kv_head = tl.program_id(0)
    split = tl.program_id(1)
    tokens = tl.load(newest) + 1
    keys_per_split = tl.cdiv(tl.cdiv(tokens, splits), BLOCK) * BLOCK
    start = split * keys_per_split
    stop = tl.minimum(start + keys_per_split, tokens)
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
    tl.store(partial_out + place[:, None] * D + at[None, :], acc, real)
    tl.store(stats + place * 2, running_max, row < GROUP)
    tl.store(stats + place * 2 + 1, total, row < GROUP)


@triton.jit
def _decode_merge(partial_out, stats, out, splits, BLOCK: tl.constexpr, D: tl.constexpr):
    head = tl.program_id(0)
    split = tl.arange(0, BLOCK)
    at = tl.arange(0, D)
    inside = split < splits
    running_max = tl.load(stats + (head * splits + split) * 2, inside, -float("inf"))
    total = tl.load(stats + (head * splits + split) * 2 + 1, inside, 0.0)
    weight = tl.exp(running_max - tl.max(running_max))
    part = tl.load(partial_out + (head * splits + split)[:, None] * D + at[None, :], inside[:, None], 0.0)
    acc = tl.sum(part * weight[:, None], 0) / tl.sum(total * weight)
    tl.store(out + head * D + at, acc.to(out.dtype.element_ty))


@triton.jit
def _attend_block(
    queries_tile, k_at, v_at, first, last_key, stop, scale, running_max, total, acc, MASKED: tl.constexpr,
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
        score = tl.where(entry[None, :] <= last_key[:, None], score, -float("inf"))
    new_max = tl.maximum(running_max, tl.max(score, 1) * scale)
    weight = tl.exp2(score * scale - new_max[:, None])
    rescale = tl.exp2(running_max - new_max)
    total = total * rescale + tl.sum(weight, 1)
    acc = tl.dot(weight.to(v.dtype), v, acc * rescale[:, None])
    return new_max, total, acc


@triton.jit(do_not_specialize=["q_rows", "n_queries", "first_key"])
def _prefill_split(
    q, rotated, values, partial_out, partial_lse, head_stride, scale, q_rows, state, n_queries, first_key,
    GROUP: tl.constexpr, D: tl.constexpr, ROWS: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """Queries of a KV head, head after head, and their share of the keys from `first_key` on; `scale` is for exp2."""
    kv_head = tl.program_id(1)
    split = tl.program_id(2)
    first_query = tl.load(state)
    stop = first_query + tl.load(state + 1)
    first_query = tl.where(n_queries > 0, stop - n_queries, first_query)
    keys_per_split = tl.cdiv(tl.cdiv(stop - first_key, tl.num_programs(2)), BLOCK) * BLOCK
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    at = tl.arange(0, D)
    real = row < GROUP * q_rows
    queries_tile = tl.load(
        q + (kv_head * GROUP * q_rows + row).to(tl.int64)[:, None] * D + at[None, :], real[:, None], 0.0
    )
    last_key = first_query + row % q_rows
    k_at = rotated + kv_head.to(tl.int64) * head_stride
    v_at = values + kv_head.to(tl.int64) * head_stride
    start = first_key + split * keys_per_split
    end = tl.minimum(start + keys_per_split, tl.minimum(stop, tl.max(tl.where(real, last_key, 0)) + 1))
    masked_from = tl.maximum(start, start + (tl.minimum(end, first_query) - start) // BLOCK * BLOCK)
    running_max = tl.full([ROWS], -1e30, tl.float32)
    total = tl.zeros([ROWS], tl.float32)
    acc = tl.zeros([ROWS, D], tl.float32)
    for first in tl.range(start, masked_from, BLOCK):
        running_max, total, acc = _attend_block(
            queries_tile, k_at, v_at, first, last_key, end, scale, running_max, total, acc, False, D, BLOCK
        )
    for first in tl.range(masked_from, end, BLOCK):
        running_max, total, acc = _attend_block(
            queries_tile, k_at, v_at, first, last_key, end, scale, running_max, total, acc, True, D, BLOCK
        )
    place = (split * tl.num_programs(1) + kv_head).to(tl.int64) * GROUP * q_rows + row
    seen = total > 0
    acc /= tl.where(seen, total, 1.0)[:, None]
    tl.store(partial_out + place[:, None] * D + at[None, :], acc.to(partial_out.dtype.element_ty), real[:, None])
    tl.store(partial_lse + place, tl.where(seen, running_max + tl.log2(tl.where(seen, total, 1.0)), -1e30), real)


@triton.jit(do_not_specialize=["splits", "prefix_splits", "q_rows"])
def _prefill_merge(
    partial_out, partial_lse, splits, prefix_out, prefix_lse, prefix_splits, out, out_scale, q_rows,
    ROUND: tl.constexpr, HEADS: tl.constexpr, PADDED: tl.constexpr, D: tl.constexpr,
):  # fmt: skip
    """`partial_lse` are to base two, `prefix_lse` natural."""
    LOG2E: tl.constexpr = 1.4426950408889634
    token = tl.program_id(0)
    head = tl.arange(0, PADDED)
    at = tl.arange(0, D)
    real = head < HEADS
    place = head.to(tl.int64) * q_rows + token
    step = HEADS * q_rows
    running_max = tl.full([PADDED], -1e30, tl.float32)
    for split in range(0, splits):
        running_max = tl.maximum(running_max, tl.load(partial_lse + split * step + place, real, -1e30))
    for split in range(0, prefix_splits):
        running_max = tl.maximum(running_max, tl.load(prefix_lse + split * step + place, real, -1e30) * LOG2E)
    total = tl.zeros([PADDED], tl.float32)
    acc = tl.zeros([PADDED, D], tl.float32)
    for split in range(0, splits):
        weight = tl.exp2(tl.load(partial_lse + split * step + place, real, -1e30) - running_max)
        there = (split * step + place)[:, None] * D + at[None, :]
        acc += weight[:, None] * tl.load(partial_out + there, real[:, None], 0.0).to(tl.float32)
        total += weight
    for split in range(0, prefix_splits):
        weight = tl.exp2(tl.load(prefix_lse + split * step + place, real, -1e30) * LOG2E - running_max)
        there = (split * step + place)[:, None] * D + at[None, :]
        acc += weight[:, None] * tl.load(prefix_out + there, real[:, None], 0.0).to(tl.float32)
        total += weight
    acc /= tl.where(real, total, 1.0)[:, None]
    if ROUND:
        scale = fp8_scale(acc)
        tl.store(out_scale + token, scale)
        acc /= scale
    there = token.to(tl.int64) * HEADS * D + head[:, None] * D + at[None, :]
    tl.store(out + there, acc.to(out.dtype.element_ty), real[:, None])
