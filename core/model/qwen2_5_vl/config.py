"""What a Qwen2.5-VL or Qwen2-VL `config.json` says, whichever transformers wrote it."""

from __future__ import annotations

from typing import Any

from core.errors import CheckpointError
from core.model.config import ModelConfig, VisionConfig

SUPPORTED = ("qwen2_5_vl", "qwen2_vl")


def parse(raw: dict[str, Any]) -> ModelConfig:
    """A ModelConfig from the parsed JSON, flat (transformers 4) or with `text_config` (transformers 5)."""
    kind = raw.get("model_type", "unknown")
    if kind not in SUPPORTED:
        raise CheckpointError("Unsupported model", f"this is {kind!r}; supported are {', '.join(SUPPORTED)}")
    text = {**raw, **raw.get("text_config", {})}
    rope = text.get("rope_parameters") or text.get("rope_scaling") or {}
    heads = text["num_attention_heads"]
    head_dim = text.get("head_dim") or text["hidden_size"] // heads
    section = tuple(rope["mrope_section"])
    if 2 * sum(section) != head_dim or len(section) != 3:
        raise ValueError(f"mrope_section {section}: twice its sum is not the head size {head_dim}")
    return ModelConfig(
        kind=kind,
        hidden=text["hidden_size"],
        intermediate=text["intermediate_size"],
        layers=text["num_hidden_layers"],
        heads=heads,
        kv_heads=text.get("num_key_value_heads", heads),
        head_dim=head_dim,
        vocab=text["vocab_size"],
        norm_eps=text.get("rms_norm_eps", 1e-6),
        rope_theta=float(rope.get("rope_theta") or text.get("rope_theta") or 1e6),
        mrope_section=section,
        tied=bool(raw.get("tie_word_embeddings", text.get("tie_word_embeddings", False))),
        vision=_vision(kind, raw["vision_config"], text["hidden_size"]),
    )


def _vision(kind: str, raw: dict[str, Any], text_hidden: int) -> VisionConfig:
    gated = kind == "qwen2_5_vl"
    hidden = raw["hidden_size"] if gated else raw["embed_dim"]
    depth = raw["depth"]
    return VisionConfig(
        depth=depth,
        hidden=hidden,
        heads=raw["num_heads"],
        intermediate=raw["intermediate_size"] if gated else int(hidden * raw.get("mlp_ratio", 4)),
        out_hidden=raw.get("out_hidden_size", text_hidden) if gated else raw.get("hidden_size", text_hidden),
        patch=raw.get("patch_size", 14),
        merge=raw.get("spatial_merge_size", 2),
        temporal_patch=raw.get("temporal_patch_size", 2),
        channels=raw.get("in_channels", raw.get("in_chans", 3)),
        window_size=raw.get("window_size", 112) if gated else 0,
        full_attention_blocks=tuple(raw["fullatt_block_indexes"]) if gated else tuple(range(depth)),
        tokens_per_second=float(raw.get("tokens_per_second", 2)) if gated else None,
        gated=gated,
    )
