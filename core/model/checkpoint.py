"""Load a checkpoint directory: weights by name from safetensors into the project's own modules."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from torch import Tensor, nn

from core.errors import CheckpointError
from core.model.completeness import shards
from core.model.config import ModelConfig
from core.model.fp8 import round_matrices
from core.model.qwen2_5_vl.config import parse
from core.model.qwen2_5_vl.decoder import Decoder
from core.model.qwen2_5_vl.names import WeightPart, canonical_name, weight_parts
from core.model.qwen2_5_vl.vision import VisionTower
from core.prompt.special import load_tokenizer


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
    config = read_config(path)
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


def read_config(path: Path) -> ModelConfig:
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
        raise CheckpointError("Damaged checkpoint", f"{file}: {error} is missing or wrong") from error


def _fill(model: Model, path: Path) -> None:
    """Copy every weight into its place; fused matrices are filled part by part, padding with zeros."""
    parameters = dict(model.named_parameters())
    lacking = {part.published: part for part in weight_parts(model.config)}
    filled: Counter[str] = Counter()
    for part in lacking.values():
        filled[part.ours] += part.of(parameters[part.ours]).numel()
    for name, numbers in filled.items():
        if numbers < parameters[name].numel():
            parameters[name].data.zero_()
    for file in shards(path):
        try:
            with safe_open(file, framework="pt") as weights:
                for name in weights.keys():  # noqa: SIM118 - not a dict
                    known = canonical_name(name)
                    if known in lacking:
                        part = lacking.pop(known)
                        _copy(part, weights.get_tensor(name), parameters[part.ours].data)
        except SafetensorError as error:
            raise CheckpointError("Damaged checkpoint", f"{file} is truncated or no weight file ({error})") from error
    if lacking:
        raise CheckpointError(
            "Incomplete checkpoint", f"{path} has no weights for {min(lacking)} and {len(lacking) - 1} more"
        )


def _copy(part: WeightPart, published: Tensor, parameter: Tensor) -> None:
    """Copy a published weight into its part of our parameter. Raises CheckpointError for another shape."""
    source = part.to_ours(published)
    target = part.of(parameter)
    if target.shape != source.shape:
        raise CheckpointError(
            "Damaged checkpoint",
            f"{part.published} has shape {tuple(source.shape)}, config.json asks for {tuple(target.shape)}",
        )
    target.copy_(source)


def _pixel_budget(path: Path) -> tuple[int, int]:
    """Smallest and largest pixel count of one frame, as the checkpoint's processor has it. Raises CheckpointError."""
    file = path / "preprocessor_config.json"
    if not file.is_file():
        return 56 * 56, 768 * 28 * 28
    try:
        raw = json.loads(file.read_text("utf-8"))
        size = raw.get("size") or {}
        smallest = raw.get("min_pixels") or size.get("shortest_edge") or 56 * 56
        largest = raw.get("max_pixels") or size.get("longest_edge") or 28 * 28 * 1280
        return int(smallest), int(largest)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CheckpointError("Damaged checkpoint", f"{file} cannot be read ({error})") from error
