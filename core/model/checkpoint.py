"""Load a checkpoint directory: weights by name from safetensors into the project's own modules."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from torch import Tensor, nn

from core.errors import CheckpointError
from core.model import config as model_config
from core.model.completeness import shards
from core.model.config import ModelConfig
from core.model.fp8 import round_matrices
from core.model.qwen2_5_vl.decoder import Decoder
from core.model.qwen2_5_vl.vision import VisionTower
from core.prompt.special import load_tokenizer

# Published name -> our name. Names of transformers 5 (`model.visual.`, `model.language_model.`) are brought to the
# published ones first.
_RULES = [
    (r"^visual\.patch_embed\.proj\.weight$", r"vision.patch_embed.weight"),
    (r"^visual\.blocks\.(\d+)\.norm([12])\.", r"vision.blocks.\1.norm\2."),
    (r"^visual\.blocks\.(\d+)\.attn\.qkv\.", r"vision.blocks.\1.qkv."),
    (r"^visual\.blocks\.(\d+)\.attn\.proj\.", r"vision.blocks.\1.out."),
    (r"^visual\.blocks\.(\d+)\.mlp\.(?:gate_proj|up_proj|fc1)\.", r"vision.blocks.\1.up."),
    (r"^visual\.blocks\.(\d+)\.mlp\.(?:down_proj|fc2)\.", r"vision.blocks.\1.down."),
    (r"^visual\.merger\.ln_q\.", r"vision.merge_norm."),
    (r"^visual\.merger\.mlp\.0\.", r"vision.merge_in."),
    (r"^visual\.merger\.mlp\.2\.", r"vision.merge_out."),
    (r"^model\.embed_tokens\.", r"decoder.embed."),
    (r"^model\.layers\.(\d+)\.input_layernorm\.", r"decoder.layers.\1.input_norm."),
    (r"^model\.layers\.(\d+)\.post_attention_layernorm\.", r"decoder.layers.\1.mlp_norm."),
    (r"^model\.layers\.(\d+)\.self_attn\.[qkv]_proj\.", r"decoder.layers.\1.qkv."),
    (r"^model\.layers\.(\d+)\.self_attn\.o_proj\.", r"decoder.layers.\1.out."),
    (r"^model\.layers\.(\d+)\.mlp\.(?:gate|up)_proj\.", r"decoder.layers.\1.gate_up."),
    (r"^model\.layers\.(\d+)\.mlp\.down_proj\.", r"decoder.layers.\1.down."),
    (r"^model\.norm\.", r"decoder.norm."),
    (r"^lm_head\.", r"decoder.head."),
]


class Model(nn.Module):
    """A vision tower and a decoder, with the configuration they were built from."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.vision = VisionTower(config.vision)
        self.decoder = Decoder(config)

    @property
    def weight_bytes(self) -> int:
        """Bytes of the weights, in every layout they are kept in: a backend may keep copies of its own as buffers."""
        return sum(tensor.nbytes for tensor in (*self.parameters(), *self.buffers()))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded checkpoint directory.

    Attributes:
        min_pixels, max_pixels: the processor's pixel budget for one frame.
    """

    model: Model
    tokenizer: Tokenizer
    name: str
    min_pixels: int
    max_pixels: int


def load(path: Path, device: torch.device, dtype: torch.dtype, fp8: bool = False) -> Checkpoint:
    """Load a checkpoint directory; `fp8`: with matrices rounded, and only then on the device.

    Raises CheckpointError: missing, incomplete, damaged or unsupported.
    """
    if not path.is_dir():
        raise CheckpointError("No model there", f"{path} is not a directory with a checkpoint")
    config = model_config.read(path)
    tokenizer = load_tokenizer(path)
    if tokenizer.get_vocab_size() > config.vocab:
        raise CheckpointError(
            "Wrong tokenizer",
            f"it has {tokenizer.get_vocab_size()} tokens, the model {config.vocab}; they do not belong together",
        )
    with torch.device("meta"):
        model = Model(config)
    model.to_empty(device="cpu" if fp8 else device).to(dtype)
    _fill(model, path)
    if config.tied:
        model.decoder.head.weight = model.decoder.embed.weight
    if fp8:
        round_matrices(model.decoder, model.vision, device)
        model.to(device)
    budget = _pixel_budget(path)
    return Checkpoint(model.eval().requires_grad_(False), tokenizer, path.resolve().name, *budget)


def our_name(published: str) -> str | None:
    """The name of a published weight in our modules; None for one we do not use."""
    published = re.sub(r"^model\.visual\.", "visual.", published)
    published = re.sub(r"^model\.language_model\.", "model.", published)
    for pattern, ours in _RULES:
        if re.match(pattern, published):
            return re.sub(pattern, ours, published)
    return None


def _fill(model: Model, path: Path) -> None:
    """Copy every weight into its place; fused matrices are filled part by part."""
    parameters = dict(model.named_parameters())
    if model.config.tied:
        parameters.pop("decoder.head.weight", None)
    parts = {name: len(_parts(name, model.config)) for name in parameters}
    if model.config.vision.mlp_width > model.config.vision.intermediate:
        for name, parameter in parameters.items():
            if re.match(r"vision\.blocks\.\d+\.(up|down)\.", name):
                parameter.data.zero_()
    for file in shards(path):
        try:
            with safe_open(file, framework="pt") as weights:
                for published in weights.keys():  # noqa: SIM118 - not a dict
                    _copy(parameters, parts, published, weights, model.config)
        except SafetensorError as error:
            raise CheckpointError("Damaged checkpoint", f"{file} is truncated or no weight file ({error})") from error
    if lacking := sorted(name for name, left in parts.items() if left > 0):
        raise CheckpointError(
            "Incomplete checkpoint", f"{path} has no weights for {lacking[0]} and {len(lacking) - 1} more"
        )


def _copy(
    parameters: dict[str, nn.Parameter], parts: dict[str, int], published: str, weights: safe_open, config: ModelConfig
) -> None:
    name = our_name(published)
    if name is None or name not in parameters:
        return
    target = parameters[name].data
    source: Tensor = weights.get_tensor(published)
    if name == "vision.patch_embed.weight":
        source = source.flatten(1)
    place = target[_rows(name, published, config)]
    if re.match(r"vision\.blocks\.\d+\.down\.weight", name):
        place = place[:, : config.vision.intermediate]  # zeros behind
    if place.shape != source.shape:
        raise CheckpointError(
            "Damaged checkpoint",
            f"{published} has shape {tuple(source.shape)}, config.json asks for {tuple(place.shape)}",
        )
    place.copy_(source)
    parts[name] -= 1


def _parts(name: str, config: ModelConfig) -> dict[str, slice]:
    """The published parts a fused weight is made of, with their rows; one nameless part for the others."""
    if re.match(r"decoder\.layers\.\d+\.qkv\.", name):
        q = config.heads * config.head_dim
        kv = config.kv_heads * config.head_dim
        return {"q_proj": slice(q), "k_proj": slice(q, q + kv), "v_proj": slice(q + kv, q + 2 * kv)}
    if ".gate_up." in name:
        return {"gate_proj": slice(config.intermediate), "up_proj": slice(config.intermediate, 2 * config.intermediate)}
    vision = config.vision
    if vision.gated and re.match(r"vision\.blocks\.\d+\.up\.", name):
        width = vision.mlp_width
        return {"gate_proj": slice(vision.intermediate), "up_proj": slice(width, width + vision.intermediate)}
    return {"": slice(None)}


def _rows(name: str, published: str, config: ModelConfig) -> slice:
    """The rows of a fused weight that a published part fills; all of any other."""
    return next(rows for part, rows in _parts(name, config).items() if not part or f".{part}." in published)


def _pixel_budget(path: Path) -> tuple[int, int]:
    """Smallest and largest pixel count of one frame, as the checkpoint's processor has it."""
    file = path / "preprocessor_config.json"
    if not file.is_file():
        return 56 * 56, 768 * 28 * 28
    raw = json.loads(file.read_text("utf-8"))
    size = raw.get("size") or {}
    smallest = raw.get("min_pixels") or size.get("shortest_edge") or 56 * 56
    largest = raw.get("max_pixels") or size.get("longest_edge") or 28 * 28 * 1280
    return int(smallest), int(largest)
