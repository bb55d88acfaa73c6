"""Whether a run fits the memory, reckoned before anything is loaded."""

from __future__ import annotations

from dataclasses import replace

import torch

from core.errors import EngineError
from core.model.config import ModelConfig
from core.train.sft.flops import decoder_weights
from core.train.sft.sft_config import SftConfig

GB = 1e9


def needed_bytes(model: ModelConfig, sft: SftConfig, processes: int, element_bytes: int) -> float:
    """Of one process: its share of weights, gradients and optimiser, and the activations of a pack.

    Learning takes 16 bytes a weight (float32 weight, gradient and AdamW's two moments), being read `element_bytes`.
    Activations, in numbers a token: each layer's input; what a layer keeps that is not checkpointed, 8 hidden and 3
    intermediate; and one layer's backward pass, about 34 hidden and 8 intermediate.
    """
    embeddings = model.vocab * model.hidden * (1 if model.tied else 2)
    decoder = decoder_weights(model) + embeddings
    lora = _lora_weights(model, sft.lora_rank)
    weights = (decoder * element_bytes + lora * 16) if sft.lora_rank else decoder * 16
    weights += vision_weights(model) * (16 if sft.train_vision else element_bytes)
    gathered = (embeddings + 2 * decoder_weights(model) / model.layers) * element_bytes
    kept = min(sft.keep_layers, model.layers) if sft.checkpointing else model.layers
    layer = 8 * model.hidden + 3 * model.intermediate
    token = model.layers * model.hidden + kept * layer + 34 * model.hidden + 8 * model.intermediate
    return weights / processes + gathered + max(sft.pack_tokens, 4096) * token * element_bytes


def vision_weights(model: ModelConfig) -> int:
    """Of the vision tower."""
    vision = model.vision
    group = vision.hidden * vision.merge**2
    block = 4 * vision.hidden**2 + (3 if vision.gated else 2) * vision.hidden * vision.mlp_width
    return vision.depth * block + group * (group + vision.out_hidden)


def require_fits(model: ModelConfig, sft: SftConfig, processes: int, available: float, element_bytes: int) -> None:
    """Raises EngineError with the need, what is there, and what would fit."""
    needed = needed_bytes(model, sft, processes, element_bytes)
    if needed <= available:
        return
    raise EngineError(
        "Too little memory",
        f"this needs about {needed / GB:.0f} GB on each of {processes} "
        f"device{'s' if processes > 1 else ''}, there are {available / GB:.0f}; "
        f"{_what_fits(model, sft, processes, available, element_bytes)}",
    )


def out_of_memory(sft: SftConfig) -> EngineError:
    """For memory that ran out although it was reckoned to suffice."""
    smaller = max(1024, sft.pack_tokens // 2)
    return EngineError(
        "Out of memory",
        f"a pack of samples did not fit; --pack-tokens {smaller}, fewer --max-pixels or --lora take less",
    )


def _what_fits(model: ModelConfig, sft: SftConfig, processes: int, available: float, element_bytes: int) -> str:
    choices = {
        "--lora fits": replace(sft, lora_rank=sft.lora_rank or 16),
        "--lora --pack-tokens 4096 fits": replace(sft, lora_rank=sft.lora_rank or 16, pack_tokens=4096),
    }
    for words, choice in choices.items():
        if needed_bytes(model, choice, processes, element_bytes) <= available:
            return words
    for more in (2, 4, 8, 16, 32, 64):
        if needed_bytes(model, sft, more, element_bytes) <= available:
            return f"{more} such devices fit (torchrun --nproc-per-node {more})"
    return "a smaller checkpoint is needed"


def _lora_weights(model: ModelConfig, rank: int) -> int:
    q = model.heads * model.head_dim
    kv = model.kv_heads * model.head_dim
    sides = 2 * (model.hidden + q) + 2 * (model.hidden + kv) + 3 * (model.hidden + model.intermediate)
    return model.layers * rank * sides


def available_bytes(device: torch.device) -> float:
    """Of the device, or of this machine's memory."""
    if device.type == "cuda":
        return float(torch.cuda.mem_get_info(device)[0])
    import psutil

    return float(psutil.virtual_memory().available)
