"""The shape of the bundled model: a Qwen2.5-VL `config.json` with small numbers, and what it is fed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer

from core.model.config import ModelConfig
from core.model.qwen2_5_vl.config import parse

FRAME_SIZE = (252, 140)  # width, height in pixels: 18 x 10 patches of 14
ROWS = 10
COLUMNS = 18  # of patches
MERGED_GRID = (1, 5, 9)  # visual tokens of one round of two frames
FRAMES_PER_ROUND = 2
FPS = 2.0
SINK_TOKENS = 128
TEXT_WINDOW_TOKENS = 256
SILENCE_THRESHOLD = 0.5  # many ways to begin a sentence share the probability of speaking: none alone beats silence's
SENTENCE_PENALTY = 1.5  # the wording moves, what the model is sure of does not; at 3 it tells a goal in a wrong mood
MAX_NEW_TOKENS = 28  # of a round: a goal at 10 to 13 takes 23 with the stop mark, and was cut at 20


@dataclass(frozen=True, slots=True)
class ModelSize:
    """Sizes of the two halves; the defaults are the bundled model, tests take smaller ones."""

    vision_hidden: int = 192
    vision_intermediate: int = 512
    vision_depth: int = 6
    vision_heads: int = 4
    full_attention_blocks: tuple[int, ...] = (2, 5)
    hidden: int = 256
    intermediate: int = 768
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    mrope_section: tuple[int, int, int] = (8, 12, 12)


TINY = ModelSize(
    vision_hidden=32, vision_intermediate=64, vision_depth=2, vision_heads=2, full_attention_blocks=(1,),
    hidden=64, intermediate=128, layers=2, heads=2, kv_heads=1, mrope_section=(4, 6, 6),
)  # fmt: skip


def raw_config(shape: ModelSize, tokenizer: Tokenizer) -> dict[str, Any]:
    """The `config.json` of a checkpoint of this shape, as published Qwen2.5-VL checkpoints write it."""

    def token(name: str) -> int:
        number = tokenizer.token_to_id(name)
        if number is None:
            raise ValueError(f"the tokenizer lacks {name}")
        return number

    return {
        "architectures": ["Qwen2_5_VLForConditionalGeneration"],
        "model_type": "qwen2_5_vl",
        "torch_dtype": "bfloat16",
        "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "hidden_act": "silu",
        "rms_norm_eps": 1e-6,
        "rope_theta": 1e6,
        "rope_scaling": {"type": "mrope", "mrope_section": list(shape.mrope_section)},
        "max_position_embeddings": 4096,
        "max_window_layers": shape.layers,
        "sliding_window": 4096,
        "use_sliding_window": False,
        "attention_dropout": 0.0,
        "tie_word_embeddings": True,
        "bos_token_id": token("<|endoftext|>"),
        "eos_token_id": token("<|im_end|>"),
        "pad_token_id": token("<|endoftext|>"),
        "vision_start_token_id": token("<|vision_start|>"),
        "vision_end_token_id": token("<|vision_end|>"),
        "vision_token_id": token("<|vision_pad|>"),
        "image_token_id": token("<|image_pad|>"),
        "video_token_id": token("<|video_pad|>"),
        "vision_config": _vision(shape),
    }


def _vision(shape: ModelSize) -> dict[str, Any]:
    return {
        "model_type": "qwen2_5_vl",
        "depth": shape.vision_depth,
        "hidden_size": shape.vision_hidden,
        "hidden_act": "silu",
        "intermediate_size": shape.vision_intermediate,
        "num_heads": shape.vision_heads,
        "in_channels": 3,
        "in_chans": 3,
        "out_hidden_size": shape.hidden,
        "patch_size": 14,
        "spatial_patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "window_size": 112,
        "fullatt_block_indexes": list(shape.full_attention_blocks),
        "tokens_per_second": 2,
    }


def model_config(shape: ModelSize, tokenizer: Tokenizer) -> ModelConfig:
    """The same, as the project's own modules read it."""
    return parse(raw_config(shape, tokenizer))
