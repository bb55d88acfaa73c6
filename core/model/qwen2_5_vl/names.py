"""What weights are called in published checkpoints and in our modules, written once for both directions.

Ours fuse projections that share their input (`qkv`, `gate_up`) and pad the vision encoder's gated MLP with zeros, so a
published weight is some rows, and for one some columns, of one of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor

from core.model.config import ModelConfig, VisionConfig


@dataclass(frozen=True, slots=True)
class WeightPart:
    """A published weight and its place in one of our modules.

    Attributes:
        published: its name in a checkpoint, as transformers 4 wrote it.
        ours: the name of the parameter that holds it, of `core.model.checkpoint.Model`.
        rows, columns: which part of that parameter it is; None: all of them.
        shape: of the published weight where ours is flattened after the first axis; None: that of the part.
    """

    published: str
    ours: str
    rows: slice | None = None
    columns: slice | None = None
    shape: tuple[int, ...] | None = None

    def of(self, parameter: Tensor) -> Tensor:
        """The view of our parameter that holds it."""
        if self.columns is not None:
            parameter = parameter[:, self.columns]
        return parameter if self.rows is None else parameter[self.rows]

    def to_ours(self, published: Tensor) -> Tensor:
        """The published weight, shaped as in our modules."""
        return published if self.shape is None else published.flatten(1)

    def to_published(self, parameter: Tensor) -> Tensor:
        """The part of our parameter, shaped as published."""
        part = self.of(parameter)
        return part if self.shape is None else part.reshape(self.shape)


def weight_parts(config: ModelConfig) -> Iterator[WeightPart]:
    """Every weight of a checkpoint of that configuration."""
    yield from _vision_parts(config.vision)
    for number in range(config.layers):
        yield from _decoder_layer_parts(config, f"model.layers.{number}.", f"decoder.layers.{number}.")
    yield WeightPart("model.embed_tokens.weight", "decoder.embed.weight")
    yield WeightPart("model.norm.weight", "decoder.norm.weight")
    if not config.tied:
        yield WeightPart("lm_head.weight", "decoder.head.weight")


def _decoder_layer_parts(config: ModelConfig, published: str, ours: str) -> Iterator[WeightPart]:
    q = config.heads * config.head_dim
    kv = config.kv_heads * config.head_dim
    for kind in ("weight", "bias"):
        for letter, rows in (("q", slice(q)), ("k", slice(q, q + kv)), ("v", slice(q + kv, q + 2 * kv))):
            yield WeightPart(f"{published}self_attn.{letter}_proj.{kind}", f"{ours}qkv.{kind}", rows)
    for name, rows in (("gate", slice(config.intermediate)), ("up", slice(config.intermediate, None))):
        yield WeightPart(f"{published}mlp.{name}_proj.weight", f"{ours}gate_up.weight", rows)
    yield WeightPart(f"{published}self_attn.o_proj.weight", f"{ours}out.weight")
    yield WeightPart(f"{published}mlp.down_proj.weight", f"{ours}down.weight")
    yield WeightPart(f"{published}input_layernorm.weight", f"{ours}input_norm.weight")
    yield WeightPart(f"{published}post_attention_layernorm.weight", f"{ours}mlp_norm.weight")


def _vision_parts(vision: VisionConfig) -> Iterator[WeightPart]:
    cube = (vision.hidden, vision.channels, vision.temporal_patch, vision.patch, vision.patch)
    yield WeightPart("visual.patch_embed.proj.weight", "vision.patch_embed.weight", shape=cube)
    for number in range(vision.depth):
        yield from _vision_block_parts(vision, f"visual.blocks.{number}.", f"vision.blocks.{number}.")
    for published, ours in (("ln_q", "merge_norm"), ("mlp.0", "merge_in"), ("mlp.2", "merge_out")):
        for kind in _norm_kinds(vision) if ours == "merge_norm" else ("weight", "bias"):
            yield WeightPart(f"visual.merger.{published}.{kind}", f"vision.{ours}.{kind}")


def _vision_block_parts(vision: VisionConfig, published: str, ours: str) -> Iterator[WeightPart]:
    for name in ("norm1", "norm2"):
        for kind in _norm_kinds(vision):
            yield WeightPart(f"{published}{name}.{kind}", f"{ours}{name}.{kind}")
    for kind in ("weight", "bias"):
        yield WeightPart(f"{published}attn.qkv.{kind}", f"{ours}qkv.{kind}")
        yield WeightPart(f"{published}attn.proj.{kind}", f"{ours}out.{kind}")
        yield from _vision_mlp_parts(vision, published, ours, kind)


def _vision_mlp_parts(vision: VisionConfig, published: str, ours: str, kind: str) -> Iterator[WeightPart]:
    """Gated (Qwen2.5-VL): gate over up, each with zeros behind it up to `mlp_width`. Else (Qwen2-VL) as published."""
    if not vision.gated:
        yield WeightPart(f"{published}mlp.fc1.{kind}", f"{ours}up.{kind}")
        yield WeightPart(f"{published}mlp.fc2.{kind}", f"{ours}down.{kind}")
        return
    inner = vision.intermediate
    width = vision.mlp_width
    yield WeightPart(f"{published}mlp.gate_proj.{kind}", f"{ours}up.{kind}", slice(inner))
    yield WeightPart(f"{published}mlp.up_proj.{kind}", f"{ours}up.{kind}", slice(width, width + inner))
    columns = slice(inner) if kind == "weight" else None
    yield WeightPart(f"{published}mlp.down_proj.{kind}", f"{ours}down.{kind}", columns=columns)


def _norm_kinds(vision: VisionConfig) -> tuple[str, ...]:
    """RMS norms have no bias, layer norms have."""
    return ("weight",) if vision.gated else ("weight", "bias")


def canonical_name(published: str) -> str:
    """The name that transformers 4 gave to a weight which transformers 5 may have written."""
    published = re.sub(r"^model\.visual\.", "visual.", published)
    return re.sub(r"^model\.language_model\.", "model.", published)


def published_weights(weights: Mapping[str, Tensor], config: ModelConfig) -> Iterator[tuple[str, Tensor]]:
    """Our parameters by their names -> the published weights by theirs."""
    for part in weight_parts(config):
        yield part.published, part.to_published(weights[part.ours])
