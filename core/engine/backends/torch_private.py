"""All private operators of PyTorch that are used, each with a fallback made of public ones."""

from __future__ import annotations

import math
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F


@cache
def has_onednn() -> bool:
    """Whether oneDNN's products can be called, on packed matrices, too."""
    names = ("_linear_pointwise", "_reorder_linear_weight")
    return torch.backends.mkldnn.is_available() and all(hasattr(torch.ops.mkldnn, name) for name in names)


def onednn_linear(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """`F.linear`, the fallback. x (..., in) float32 on the CPU, weight (out, in), plain or from `pack_for_onednn`."""
    if not has_onednn():
        return F.linear(x, weight, bias)
    return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")


def pack_for_onednn(weight: Tensor) -> Tensor | None:
    """(out, in) float32 in oneDNN's own layout; None where there is none, and the matrix is used as it is."""
    return torch.ops.mkldnn._reorder_linear_weight(weight) if has_onednn() else None


def scaled_mm(x: Tensor, weight: Tensor, x_scale: Tensor, weight_scale: Tensor, bias: Tensor | None = None) -> Tensor:
    """x weight^T, both in fp8 (e4m3), times both scales, plus bias, in bf16.

    Args:
        x: (tokens, in). weight: (out, in). On a GPU `in` and `out` are multiples of 16.
        x_scale, weight_scale: float32, () both, or (tokens, 1) and (1, out).
    """
    if not hasattr(torch, "_scaled_mm"):
        return scaled_mm_fallback(x, weight, x_scale, weight_scale, bias)
    return torch._scaled_mm(
        x, weight.t(), x_scale, weight_scale, bias=bias, out_dtype=torch.bfloat16, use_fast_accum=x.is_cuda
    )


def scaled_mm_fallback(
    x: Tensor, weight: Tensor, x_scale: Tensor, weight_scale: Tensor, bias: Tensor | None = None
) -> Tensor:
    """The same in float32."""
    product = F.linear(x.float(), weight.float()) * x_scale * weight_scale
    return (product if bias is None else product + bias.float()).to(torch.bfloat16)


@cache
def has_cudnn_attention() -> bool:
    """Whether cuDNN's attention can be called here."""
    return torch.backends.cudnn.is_available() and hasattr(torch.ops.aten, "_scaled_dot_product_cudnn_attention")


def attention_with_lse(q: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """Attention of all queries to all keys, by cuDNN, and the logarithms of the sums of its softmax.

    Args:
        q: (batch, heads, queries, d). keys, values: (batch, heads, keys, d). bf16 or fp16 for cuDNN.

    Returns:
        (batch, heads, queries, d), and natural logarithms, float32, one for each query in order.
    """
    if not (has_cudnn_attention() and q.is_cuda):
        return attention_with_lse_fallback(q, keys, values)
    attended, lse = torch.ops.aten._scaled_dot_product_cudnn_attention(q, keys, values, None, True)[:2]
    return attended, lse


def attention_with_lse_fallback(q: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """The same written out; takes room for all scores."""
    scores = (q @ keys.transpose(-1, -2)).float() / math.sqrt(q.shape[-1])
    lse = scores.logsumexp(-1, keepdim=True)
    return (scores - lse).exp().to(values.dtype) @ values, lse


def copy_each(targets: list[Tensor], sources: list[Tensor]) -> None:
    """targets[i] = sources[i] for all i, in place, converted to the targets' type; on a GPU in few kernels."""
    if hasattr(torch, "_foreach_copy_"):
        torch._foreach_copy_(targets, sources)
        return
    for target, source in zip(targets, sources, strict=True):
        target.copy_(source)


def lerp_each(targets: list[Tensor], ends: list[Tensor], weight: float) -> None:
    """targets[i] += weight * (ends[i] - targets[i]) for all i, in place; on a GPU in few kernels."""
    if hasattr(torch, "_foreach_lerp_"):
        torch._foreach_lerp_(targets, ends, weight)
        return
    for target, end in zip(targets, ends, strict=True):
        target.lerp_(end, weight)
