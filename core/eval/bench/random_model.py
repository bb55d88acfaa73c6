"""Models to measure without a checkpoint: random weights, made on the device, at a given shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from core.assets import BUNDLED
from core.model.checkpoint import Checkpoint, Model
from core.model.fp8 import round_matrices
from core.model.qwen2_5_vl.config import parse
from core.prompt.special import load_tokenizer, read_special_tokens

STD = 0.02


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What to build.

    Attributes:
        raw: a `config.json` as it is published. size: (width, height) of a frame in pixels.
    """

    name: str
    raw: dict[str, Any]
    size: tuple[int, int]


def _raw(
    text: tuple[int, int, int, int, int, int],
    section: tuple[int, int, int],
    vision: tuple[int, int, int, int, list[int]],
) -> dict[str, Any]:
    hidden, layers, heads, kv_heads, intermediate, vocab = text
    depth, vision_hidden, vision_heads, vision_intermediate, full = vision
    return {
        "model_type": "qwen2_5_vl",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "intermediate_size": intermediate,
        "vocab_size": vocab,
        "hidden_act": "silu",
        "rms_norm_eps": 1e-6,
        "rope_theta": 1e6,
        "rope_scaling": {"type": "mrope", "mrope_section": list(section)},
        "max_position_embeddings": 128000,
        "tie_word_embeddings": False,
        "bos_token_id": 0,
        "eos_token_id": 0,
        "image_token_id": 1012,
        "video_token_id": 1013,
        "vision_start_token_id": 1009,
        "vision_end_token_id": 1010,
        "vision_config": {
            "model_type": "qwen2_5_vl",
            "depth": depth,
            "hidden_size": vision_hidden,
            "num_heads": vision_heads,
            "intermediate_size": vision_intermediate,
            "out_hidden_size": hidden,
            "hidden_act": "silu",
            "in_channels": 3,
            "in_chans": 3,
            "patch_size": 14,
            "spatial_patch_size": 14,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            "window_size": 112,
            "fullatt_block_indexes": full,
            "tokens_per_second": 2,
        },
    }


MODEL_SPECS = {
    "7b": ModelSpec(
        "7b",
        _raw((3584, 28, 28, 4, 18944, 152064), (16, 24, 24), (32, 1280, 16, 3420, [7, 15, 23, 31])),
        (1008, 560),  # 36 x 20 merged tokens
    ),
    "tiny": ModelSpec("tiny", _raw((64, 2, 4, 2, 128, 2048), (2, 3, 3), (2, 32, 2, 64, [1])), (112, 56)),
}
"""Qwen2.5-VL-7B to the letter, and one with which every line of the measuring can be tried anywhere."""


def random_checkpoint(shape: ModelSpec, device: torch.device, dtype: torch.dtype, fp8: bool = False) -> Checkpoint:
    """Random weights (`fp8`: rounded as `load` does) and the bundled tokenizer, whose ids the vocabulary goes beyond.

    The head's rows of the special tokens are zero: no line ever ends before its limit.
    """
    config = parse(shape.raw)
    with torch.device("meta"):
        model = Model(config).to(dtype)
    model.to_empty(device=device)
    torch.manual_seed(0)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(parameter)
        elif parameter.dim() == 1:
            nn.init.ones_(parameter)
        else:
            nn.init.normal_(parameter, std=STD)
    tokenizer = load_tokenizer(BUNDLED)
    special = read_special_tokens(tokenizer)
    with torch.no_grad():
        model.decoder.head.weight[[special.im_start, special.im_end, special.video_pad]] = 0
    if fp8:
        round_matrices(model.decoder, model.vision, device)
    width, height = shape.size
    return Checkpoint(model.eval().requires_grad_(False), tokenizer, f"random {shape.name}", 28 * 28, width * height)
