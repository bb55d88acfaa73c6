"""Triton kernels of the vision tower: pixels to patches, and attention inside windows, a window a program."""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

from core.engine.backends.cuda.device_functions import rotate_halves
from core.model.qwen2_5_vl.patches import MEAN, STD

MAX_WINDOW = 64  # patches in a window


def patchify(pixels: Tensor, order: Tensor, patch: int, merge: int, out: Tensor) -> None:
    """Normalise and cut the frames of one temporal index; `core.model.qwen2_5_vl.patches` is the reference.

    Args:
        pixels: (temporal, height, width, 3), 0 to 255. order: (patches,) which patch comes where.
        out: (patches, 3 * temporal * patch**2), written.
    """
    temporal, height, width, _ = pixels.shape
    scale = [1 / (255 * std) for std in STD]
    shift = [-mean / std for mean, std in zip(MEAN, STD, strict=True)]
    _patchify[(len(order),)](
        pixels, order, out, height, width, *scale, *shift, temporal, patch, merge,
        triton.next_power_of_2(out.shape[1]), num_warps=4,
    )  # fmt: skip


@triton.jit
def _patchify(
    pixels, order, out, height, width, scale_r, scale_g, scale_b, shift_r, shift_g, shift_b,
    TEMPORAL: tl.constexpr, P: tl.constexpr, MERGE: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    place = tl.program_id(0)
    at = tl.arange(0, BLOCK)
    size: tl.constexpr = 3 * TEMPORAL * P * P
    group = tl.load(order + place) // (MERGE * MERGE)
    member = tl.load(order + place) % (MERGE * MERGE)
    groups = width // (P * MERGE)
    top = (group // groups * MERGE + member // MERGE) * P
    left = (group % groups * MERGE + member % MERGE) * P
    channel = at // (TEMPORAL * P * P)
    frame = at // (P * P) % TEMPORAL
    inner = at % (P * P)
    pixel = ((frame * height + top + inner // P) * width + left + inner % P) * 3 + channel
    value = tl.load(pixels + pixel, at < size, 0).to(tl.float32)
    scale = tl.where(channel == 0, scale_r, tl.where(channel == 1, scale_g, scale_b))
    shift = tl.where(channel == 0, shift_r, tl.where(channel == 1, shift_g, shift_b))
    tl.store(out + place * size + at, (value * scale + shift).to(out.dtype.element_ty), at < size)


def window_attention(
    qkv: Tensor, cos: Tensor, sin: Tensor, first: int, windows: int, size: int, heads: int, out: Tensor
) -> None:
    """Attention of `windows` windows of `size` <= MAX_WINDOW patches each, which begin at patch `first`.

    Args:
        qkv: (patches, 3 * heads * head_dim), not rotated. cos, sin: (patches, head_dim).
        out: (patches, heads * head_dim), written.
    """
    head_dim = cos.shape[1]
    _window_attention[(windows, heads)](
        qkv, cos, sin, out, first, size, head_dim**-0.5, heads * head_dim, head_dim // 2,
        triton.next_power_of_2(head_dim // 2), MAX_WINDOW, num_warps=4,
    )  # fmt: skip


@triton.jit(do_not_specialize=["first", "size"])
def _window_attention(
    qkv, cos, sin, out, first, size, scale,
    width: tl.constexpr, half: tl.constexpr, HALF: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    window = tl.program_id(0)
    head = tl.program_id(1)
    row = tl.arange(0, BLOCK)
    at = tl.arange(0, HALF)
    patch = first + window * size + row
    inside = (row < size)[:, None] & (at < half)[None, :]
    place = patch[:, None] * 3 * width + head * 2 * half + at[None, :]
    angle_at = patch[:, None] * 2 * half + at[None, :]
    c = tl.load(cos + angle_at, inside, 0.0).to(tl.float32)
    s = tl.load(sin + angle_at, inside, 0.0).to(tl.float32)
    kind = qkv.dtype.element_ty
    q = tl.load(qkv + place, inside, 0.0).to(tl.float32)
    q_high = tl.load(qkv + place + half, inside, 0.0).to(tl.float32)
    k_at = qkv + width + place
    k = tl.load(k_at, inside, 0.0).to(tl.float32)
    k_high = tl.load(k_at + half, inside, 0.0).to(tl.float32)
    q, q_high = rotate_halves(q, q_high, c, s)
    k, k_high = rotate_halves(k, k_high, c, s)
    score = tl.dot(q.to(kind), tl.trans(k.to(kind)))
    score = tl.dot(q_high.to(kind), tl.trans(k_high.to(kind)), score) * scale
    score = tl.where((row < size)[None, :], score, -float("inf"))
    weight = tl.exp(score - tl.max(score, 1)[:, None])
    probability = (weight / tl.sum(weight, 1)[:, None]).to(kind)
    v_at = qkv + 2 * width + place
    out_at = patch[:, None] * width + head * 2 * half + at[None, :]
    tl.store(out + out_at, tl.dot(probability, tl.load(v_at, inside, 0.0)).to(kind), inside)
    tl.store(out + out_at + half, tl.dot(probability, tl.load(v_at + half, inside, 0.0)).to(kind), inside)


def rotate_qk(qkv: Tensor, cos: Tensor, sin: Tensor, heads: int) -> None:
    """Rotate q and k in place. qkv: (patches, 3 * heads * head_dim); cos, sin: (patches, head_dim)."""
    head_dim = cos.shape[1]
    _rotate_qk[(len(qkv), 2)](
        qkv, cos, sin, heads * head_dim, heads, head_dim // 2, triton.next_power_of_2(heads),
        triton.next_power_of_2(head_dim // 2), num_warps=4,
    )  # fmt: skip


@triton.jit
def _rotate_qk(
    qkv, cos, sin, width: tl.constexpr, heads: tl.constexpr, half: tl.constexpr, HEADS: tl.constexpr, HALF: tl.constexpr
):
    patch = tl.program_id(0)
    kind = tl.program_id(1)
    head = tl.arange(0, HEADS)[:, None]
    at = tl.arange(0, HALF)[None, :]
    inside = (head < heads) & (at < half)
    place = qkv + patch * 3 * width + kind * width + head * 2 * half + at
    angle_at = patch * 2 * half + at
    c = tl.load(cos + angle_at, at < half, 0.0).to(tl.float32)
    s = tl.load(sin + angle_at, at < half, 0.0).to(tl.float32)
    low = tl.load(place, inside, 0.0).to(tl.float32)
    high = tl.load(place + half, inside, 0.0).to(tl.float32)
    low, high = rotate_halves(low, high, c, s)
    tl.store(place, low.to(qkv.dtype.element_ty), inside)
    tl.store(place + half, high.to(qkv.dtype.element_ty), inside)
