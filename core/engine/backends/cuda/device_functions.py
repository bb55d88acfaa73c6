"""Functions that several Triton kernels call."""

from __future__ import annotations

import triton
import triton.language as tl

from core.model.fp8 import FP8_LIMIT, MIN_SCALE

FP8_MAX = tl.constexpr(FP8_LIMIT)
FP8_MIN_SCALE = tl.constexpr(MIN_SCALE)


@triton.jit
def rotate_halves(low, high, cos, sin):
    """The pairs (low, high), halves of vectors, rotated as by `core.model.rotary.rotate`; cos, sin of one half."""
    return low * cos - high * sin, high * cos + low * sin


@triton.jit
def fp8_scale(values):
    """The scale that `core.model.fp8.rounded` gives to them all."""
    return tl.maximum(tl.max(tl.abs(values)) / FP8_MAX, FP8_MIN_SCALE)
