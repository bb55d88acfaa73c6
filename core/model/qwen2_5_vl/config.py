"""What a Qwen2.5-VL or Qwen2-VL `config.json` says, whichever transformers wrote it."""

from __future__ import annotations

from typing import Any

from core.errors import CheckpointError
from core.model.config import ModelConfig, VisionConfig
from core.model.config_fields import ConfigFields, shown

SUPPORTED = ("qwen2_5_vl", "qwen2_vl")
MAX_LAYERS = 1024


def parse(raw: dict[str, Any]) -> ModelConfig:
    """A ModelConfig from the parsed JSON, flat (transformers 4) or with `text_config` (transformers 5).

    Raises CheckpointError for another kind of model; ValueError, naming the field, for values that make no sense.
    """
    kind = raw.get("model_type", "unknown")
    if kind not in SUPPORTED:
        raise CheckpointError("Unsupported model", f"this is {shown(kind)}; supported are {', '.join(SUPPORTED)}")
    text = ConfigFields({**raw, **ConfigFields(raw).object("text_config").raw})
    rope = text.object("rope_parameters").raw or text.object("rope_scaling").raw
    hidden = text.whole("hidden_size")
    heads = text.whole("num_attention_heads")
    kv_heads = text.whole("num_key_value_heads", heads)
    if heads % kv_heads:
        raise ValueError(f"num_attention_heads {heads} is no multiple of num_key_value_heads {kv_heads}")
    head_dim = text.whole("head_dim", max(1, hidden // heads))
    tied = ConfigFields(raw).flag("tie_word_embeddings", text.flag("tie_word_embeddings", False))
    return ModelConfig(
        kind=kind,
        hidden=hidden,
        intermediate=text.whole("intermediate_size"),
        layers=_layers(text, "num_hidden_layers"),
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        vocab=text.whole("vocab_size"),
        norm_eps=text.positive("rms_norm_eps", 1e-6),
        rope_theta=ConfigFields(rope).positive("rope_theta", text.positive("rope_theta", 1e6)),
        mrope_section=_mrope_section(ConfigFields(rope), head_dim),
        tied=tied,
        vision=_vision(kind, ConfigFields(raw.get("vision_config"), "vision_config"), hidden),
    )


def _mrope_section(rope: ConfigFields, head_dim: int) -> tuple[int, int, int]:
    section = rope.wholes("mrope_section")
    if 2 * sum(section) != head_dim or len(section) != 3:
        raise ValueError(f"mrope_section {shown(section)}: twice its sum is not the head size {head_dim}")
    return section[0], section[1], section[2]


def _layers(fields: ConfigFields, name: str) -> int:
    layers = fields.whole(name)
    if layers > MAX_LAYERS:
        raise ValueError(f"{name} must be at most {MAX_LAYERS}, not {layers}")
    return layers


def _vision(kind: str, fields: ConfigFields, text_hidden: int) -> VisionConfig:
    gated = kind == "qwen2_5_vl"
    hidden = fields.whole("hidden_size" if gated else "embed_dim")
    heads = fields.whole("num_heads")
    if hidden % heads or hidden // heads % 4:
        raise ValueError(f"num_heads {heads} of vision_config cannot share {hidden}, each a multiple of 4 wide")
    depth = _layers(fields, "depth")
    patch = fields.whole("patch_size", 14)
    merge = fields.whole("spatial_merge_size", 2)
    window = fields.whole("window_size", 112) if gated else 0
    if gated and window < patch * merge:
        raise ValueError(f"window_size {window} is smaller than a merged patch of {patch * merge}")
    channels = fields.whole("in_channels", fields.whole("in_chans", 3))
    if channels != 3:
        raise ValueError(f"in_channels must be 3, red, green and blue, not {channels}")
    return VisionConfig(
        depth=depth,
        hidden=hidden,
        heads=heads,
        intermediate=fields.whole("intermediate_size") if gated else int(hidden * fields.positive("mlp_ratio", 4)),
        out_hidden=fields.whole("out_hidden_size" if gated else "hidden_size", text_hidden),
        patch=patch,
        merge=merge,
        temporal_patch=fields.whole("temporal_patch_size", 2),
        channels=channels,
        window_size=window,
        full_attention_blocks=fields.wholes("fullatt_block_indexes") if gated else tuple(range(depth)),
        tokens_per_second=fields.positive("tokens_per_second", 2) if gated else None,
        gated=gated,
    )
