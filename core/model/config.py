"""What a Qwen2.5-VL or Qwen2-VL `config.json` says, in one frozen shape, whichever transformers wrote it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import CheckpointError

SUPPORTED = ("qwen2_5_vl", "qwen2_vl")


GRAIN = 64


@dataclass(frozen=True, slots=True)
class VisionConfig:
    """The vision tower. `window_size` (pixels) is 0 where every block sees the whole grid (Qwen2-VL).

    Attributes:
        tokens_per_second: positions per second along a grid's time axis; None where each index is one step (Qwen2-VL).
        gated: the MLP is gate * up with SiLU and the norms are RMS (Qwen2.5-VL); else fc1, quick GELU, fc2 and
            layer norms (Qwen2-VL).
    """

    depth: int
    hidden: int
    heads: int
    intermediate: int
    out_hidden: int
    patch: int
    merge: int
    temporal_patch: int
    channels: int
    window_size: int
    full_attention_blocks: tuple[int, ...]
    tokens_per_second: float | None
    gated: bool

    def temporal_step(self, fps: float) -> float:
        """Positions between two temporal indices of a grid: 2 / fps seconds apart, or 1 where time is not scaled."""
        return 1.0 if self.tokens_per_second is None else self.temporal_patch / fps * self.tokens_per_second

    @property
    def mlp_width(self) -> int:
        """Of the MLP as it is computed: a gated one has zeros up to a multiple of GRAIN, as products like it."""
        return -(-self.intermediate // GRAIN) * GRAIN if self.gated else self.intermediate

    @property
    def window_patches(self) -> int:
        """Patches in a window; 0 where there are none."""
        return (self.window_size // self.patch // self.merge * self.merge) ** 2

    @property
    def patch_values(self) -> int:
        """Numbers in one flattened patch."""
        return self.channels * self.temporal_patch * self.patch * self.patch


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The whole model; `vision` for the tower, the rest for the decoder."""

    kind: str
    hidden: int
    intermediate: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    vocab: int
    norm_eps: float
    rope_theta: float
    mrope_section: tuple[int, int, int]
    tied: bool
    vision: VisionConfig

    def kv_bytes_per_token(self, element_bytes: int) -> int:
        """Bytes that a cached token's key, rotated, and value take in all layers."""
        return 2 * self.raw_key_bytes_per_token(element_bytes)

    def raw_key_bytes_per_token(self, element_bytes: int) -> int:
        """Bytes that its unrotated key takes besides, where it is kept."""
        return self.layers * self.kv_heads * self.head_dim * element_bytes


def read(path: Path) -> ModelConfig:
    """The configuration of a checkpoint directory. Raises CheckpointError, naming the file and the kinds supported."""
    file = path / "config.json"
    try:
        raw = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise CheckpointError("No model there", f"{path} has no config.json; give a Qwen2.5-VL directory") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CheckpointError("Damaged checkpoint", f"{file} cannot be read ({error})") from error
    try:
        return parse(raw)
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise CheckpointError("Damaged checkpoint", f"{file} lacks or garbles {error}") from error


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
