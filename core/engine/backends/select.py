"""Which implementation runs: the one place that imports them all. Fast ones are imported only where they are chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

import torch
from torch import Tensor

from core.config import AttentionName
from core.engine.backends import flash, torch_private
from core.engine.backends.attention import Attention, DecodeAttention
from core.engine.backends.runner import Runner
from core.engine.backends.sdpa import HALF_TYPES, SdpaAttention
from core.engine.context import Context
from core.errors import UsageError
from core.model.checkpoint import Model
from core.model.qwen2_5_vl.vision import VisionTower, embed_frames

TUNED_CAPABILITIES = ((9, 0),)
"""Compute capabilities (H100, H200) that our attention kernels were tuned and tested on."""
AMPERE = (8, 0)
"""The least capability that our kernels, and flash-attn, are written for: bf16 on tensor cores."""

TopPDraw = Callable[[Tensor, float, float, float], int | None]


def has_triton() -> bool:
    """Whether Triton is installed; it comes with a CUDA build of torch."""
    return find_spec("triton") is not None


def select_runner(model: Model, context: Context, attention: AttentionName = "auto") -> Runner:
    """The runner for the model's device and number format. Raises UsageError for an attention that cannot run there."""
    weight = model.decoder.embed.weight
    if weight.device.type == "cpu":
        from core.engine.backends.cpu.runner import CpuRunner

        return CpuRunner(model, context, select_cpu_attention(attention, weight.dtype))
    chosen = select_gpu_attention(attention, weight.device, weight.dtype)
    if has_kernels(weight.device, weight.dtype):
        from core.engine.backends.cuda.runner import CudaRunner

        return CudaRunner(model, context, chosen)
    from core.engine.backends.reference import ReferenceRunner

    return ReferenceRunner(model, context, chosen)


def select_cpu_attention(name: AttentionName, dtype: torch.dtype) -> Attention:
    """oneDNN's products for "auto", where they are; else torch's own. Raises UsageError for one that needs a GPU."""
    _require(name, torch.device("cpu"), dtype)
    if name == "auto" and dtype == torch.float32 and torch_private.has_onednn():
        from core.engine.backends.cpu.attention import OnednnAttention

        return OnednnAttention()
    return SdpaAttention()


def select_gpu_attention(name: AttentionName, device: torch.device, dtype: torch.dtype) -> DecodeAttention:
    """The attention of that name; for "auto" the fastest on GPUs it was tuned and tested on, elsewhere a safe one.

    Raises UsageError where it cannot run.
    """
    _require(name, device, dtype)
    if name == "auto":
        name = default_gpu_attention(device, dtype)
    if name == "triton":
        from core.engine.backends.cuda.attention import TritonAttention

        return TritonAttention()
    return flash.FlashAttention() if name == "flash" else SdpaAttention()


def _require(name: AttentionName, device: torch.device, dtype: torch.dtype) -> None:
    if lack := attention_lack(name, device, dtype):
        raise UsageError(f"No {name} attention here", f"{lack}; use --attention auto")


def attention_lack(name: AttentionName, device: torch.device, dtype: torch.dtype) -> str:
    """Why an attention cannot run there; "" where it can."""
    if name not in ("triton", "flash"):
        return ""
    if device.type != "cuda":
        return "it needs an NVIDIA GPU"
    if dtype not in HALF_TYPES:
        return "it needs bfloat16 or float16"
    if torch.cuda.get_device_capability(device) < AMPERE:
        return "it needs a GPU of compute capability 8.0 or later"
    if name == "triton":
        return "" if has_triton() else "Triton is not installed (pip install triton)"
    return "" if flash.is_installed() else 'flash-attn is not installed (pip install "courtside[gpu]")'


def default_gpu_attention(device: torch.device, dtype: torch.dtype) -> AttentionName:
    """What "auto" chooses on a GPU."""
    tuned = torch.cuda.get_device_capability(device) in TUNED_CAPABILITIES
    if tuned and not attention_lack("triton", device, dtype):
        return "triton"
    return "sdpa" if attention_lack("flash", device, dtype) else "flash"


def select_vision(tower: VisionTower) -> Callable[[Tensor], Tensor]:
    """`embed_frames` of the tower, in the fastest implementation for its device."""
    if has_kernels(tower.patch_embed.weight.device):
        from core.engine.backends.cuda.vision_graph import VisionGraph

        return VisionGraph(tower)
    return partial(embed_frames, tower)


def select_top_p_draw(seen: Tensor, seed: int) -> TopPDraw | None:
    """The kernel for top-p sampling without a sort; None where it cannot run. seen: (vocab,) bool."""
    if not has_kernels(seen.device):
        return None
    from core.engine.backends.cuda.sample_top_p import TopPSampler

    return TopPSampler(seen, seed)


def has_kernels(device: torch.device, dtype: torch.dtype = torch.bfloat16) -> bool:
    """Whether our Triton kernels can run there."""
    return not attention_lack("triton", device, dtype)
