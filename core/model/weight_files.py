"""The tensors of a checkpoint's files against those its configuration asks for, before memory is taken for any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from core.errors import CheckpointError
from core.model.completeness import shards
from core.model.json_file import damaged
from core.model.quantization import require_plain
from core.model.qwen2_5_vl.names import WeightPart, canonical_name

IGNORED = re.compile(r"lm_head\.weight|.*\.rotary(_pos)?_emb\.inv_freq")
"""Tensors that a model may do without: the head where it is tied to the embeddings, and what is computed anyway."""


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """A safetensors file, memory-mapped. Raises CheckpointError where it is none."""
    try:
        with safe_open(file, framework="pt") as weights:
            yield weights
    except (SafetensorError, OSError) as error:
        raise damaged(file, f"is truncated or no weight file ({error})") from error


def match_weights(path: Path, wanted: Mapping[str, tuple[WeightPart, tuple[int, ...]]]) -> dict[Path, list[str]]:
    """The names of the weights to read from each file.

    Args:
        wanted: each weight by its published name, and the shape it must have in our modules.

    Raises CheckpointError: a weight is missing, there twice, of another shape, quantised, or of no known use.
    """
    lacking = dict(wanted)
    found: dict[Path, list[str]] = {}
    for file in shards(path):
        found[file] = []
        with opened(file) as weights:
            for name in weights.keys():  # noqa: SIM118 - not a dict
                known = canonical_name(name)
                if known in lacking:
                    _match(file, name, weights.get_slice(name), *lacking.pop(known))
                    found[file].append(name)
                elif known in wanted:
                    raise damaged(file, f"has {name} once more")
                elif not IGNORED.fullmatch(known):
                    raise CheckpointError(
                        "Unknown weights", f"{file} has {name}, which a model of this kind has no use for"
                    )
    if lacking:
        raise CheckpointError(
            "Incomplete checkpoint", f"{path} has no weights for {min(lacking)} and {len(lacking) - 1} more"
        )
    return found


def _match(file: Path, name: str, header: Any, part: WeightPart, wanted: tuple[int, ...]) -> None:
    """Raise CheckpointError for a tensor of another shape or number format."""
    require_plain(name, header.get_dtype(), file)
    shape = tuple(header.get_shape())
    if shape != (part.shape or wanted):
        raise damaged(file, f"has {name} with shape {shape}, config.json asks for {part.shape or wanted}")
