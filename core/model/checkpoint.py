"""Load a checkpoint directory: weights by name from safetensors into the project's own modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from core.errors import CheckpointError
from core.model.config import ModelConfig
from core.model.config_fields import ConfigFields
from core.model.fp8 import round_matrices
from core.model.json_file import damaged, read_object
from core.model.quantization import refuse_quantized
from core.model.qwen2_5_vl.config import parse
from core.model.qwen2_5_vl.decoder import Decoder
from core.model.qwen2_5_vl.names import WeightPart, canonical_name, weight_parts
from core.model.qwen2_5_vl.vision import VisionTower
from core.model.weight_files import match_weights, opened
from core.model.weight_ranges import WeightRanges
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

    Raises CheckpointError: missing, incomplete, damaged, quantised or unsupported.
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
    budget = read_pixel_budget(path)
    with torch.device("meta"):
        model = Model(config)
    files = match_weights(path, _wanted(model))
    model.to_empty(device="cpu" if fp8 else device).to(dtype)
    _fill(model, path, files)
    if config.tied:
        model.decoder.head.weight = model.decoder.embed.weight
    if fp8:
        round_matrices(model.decoder, model.vision, device)
        model.to(device)
    return Checkpoint(model.eval().requires_grad_(False), tokenizer, path.resolve().name, *budget)


def read_config(path: Path) -> ModelConfig:
    """The configuration of a checkpoint directory. Raises CheckpointError, naming the file and the kinds supported."""
    file = path / "config.json"
    if not file.is_file():
        raise CheckpointError("No model there", f"{path} has no config.json; give a Qwen2.5-VL directory")
    raw = read_object(file)
    refuse_quantized(raw, path)
    try:
        return parse(raw)
    except ValueError as error:
        raise damaged(file, f"makes no sense: {error}") from error


def _wanted(model: Model) -> dict[str, tuple[WeightPart, tuple[int, ...]]]:
    """Each published weight, and the shape of its place in our modules, which need no memory for that."""
    parameters = dict(model.named_parameters())
    parts = weight_parts(model.config)
    return {part.published: (part, tuple(part.of(parameters[part.ours]).shape)) for part in parts}


def _fill(model: Model, path: Path, files: Mapping[Path, list[str]]) -> None:
    """Copy every weight into its place; fused matrices are filled part by part, padding with zeros."""
    parameters = dict(model.named_parameters())
    parts = {part.published: part for part in weight_parts(model.config)}
    filled: Counter[str] = Counter()
    for part in parts.values():
        filled[part.ours] += part.of(parameters[part.ours]).numel()
    for name, numbers in filled.items():
        if numbers < parameters[name].numel():
            parameters[name].data.zero_()
    ranges = WeightRanges()
    for file, names in files.items():
        with opened(file) as weights:
            for name in names:
                part = parts[canonical_name(name)]
                published = part.to_ours(weights.get_tensor(name))
                target = part.of(parameters[part.ours].data)
                target.copy_(published)
                ranges.add(name, target if target.is_cuda else published)  # where it takes the least time
    ranges.check(str(path))


def read_pixel_budget(path: Path) -> tuple[int, int]:
    """Smallest and largest pixel count of one frame, as the checkpoint's processor has it. Raises CheckpointError."""
    file = path / "preprocessor_config.json"
    if not file.is_file():
        return 56 * 56, 768 * 28 * 28
    try:
        fields = ConfigFields(read_object(file))
        size = fields.object("size")
        smallest = fields.whole("min_pixels", size.whole("shortest_edge", 56 * 56))
        largest = fields.whole("max_pixels", size.whole("longest_edge", 28 * 28 * 1280))
        if smallest > largest:
            raise ValueError(f"min_pixels {smallest} is above max_pixels {largest}")
    except ValueError as error:
        raise damaged(file, f"makes no sense: {error}") from error
    return smallest, largest
