"""One table of weight names: all of our modules, each number once, and the way back is the way there."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from core.assets import BUNDLED
from core.errors import CheckpointError
from core.model.checkpoint import Model, load, read_config
from core.model.config import ModelConfig
from core.model.qwen2_5_vl.names import canonical_name, published_weights, weight_parts
from tests.parity.checkpoints import write_checkpoint

CPU = torch.device("cpu")


@pytest.fixture(params=["tied", "untied"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> ModelConfig:
    """The bundled model, whose head is the embedding, and a small one that has a head of its own."""
    return (
        read_config(BUNDLED)
        if request.param == "tied"
        else read_config(write_checkpoint(tmp_path, 4, layers=2, vision_layers=2))
    )


def own_parameters(config: ModelConfig) -> dict[str, Tensor]:
    with torch.device("meta"):
        return dict(Model(config).named_parameters())


def test_every_parameter_is_filled_and_no_number_twice(config: ModelConfig) -> None:
    filled = {name: torch.zeros(p.shape, dtype=torch.int32) for name, p in own_parameters(config).items()}
    parts = list(weight_parts(config))
    for part in parts:
        part.of(filled[part.ours]).add_(1)
    assert len({part.published for part in parts}) == len(parts)
    assert all(count.max() == 1 for count in filled.values())
    padded = {name.split(".")[3] for name, count in filled.items() if count.min() == 0}
    assert padded <= {"up", "down"}
    assert not padded or config.vision.mlp_width > config.vision.intermediate


def test_what_was_loaded_is_written_as_it_was() -> None:
    model = load(BUNDLED, CPU, torch.bfloat16).model
    written = dict(published_weights(dict(model.named_parameters()), model.config))
    names = set()
    for file in sorted(BUNDLED.glob("*.safetensors")):
        with safe_open(file, framework="pt") as weights:
            for name in weights.keys():  # noqa: SIM118 - not a dict
                names.add(name)
                assert torch.equal(written[name], weights.get_tensor(name)), name
    assert names == set(written)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("model.visual.blocks.3.norm1.weight", "visual.blocks.3.norm1.weight"),
        ("model.language_model.layers.0.mlp.up_proj.weight", "model.layers.0.mlp.up_proj.weight"),
        ("model.norm.weight", "model.norm.weight"),
        ("lm_head.weight", "lm_head.weight"),
    ],
)
def test_names_of_transformers_5_are_those_of_4(written: str, published: str) -> None:
    assert canonical_name(written) == published


def test_what_is_missing_or_misshaped_is_named_as_published(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path, 4, layers=2, vision_layers=2)
    weights = load_file(path / "model.safetensors")
    name = "model.layers.1.self_attn.k_proj.bias"
    del weights[name]
    save_file(weights, path / "model.safetensors")
    with pytest.raises(CheckpointError, match=f"has no weights for {name} and 0 more"):
        load(path, CPU, torch.float32)
    save_file({**weights, name: torch.zeros(3)}, path / "model.safetensors")
    with pytest.raises(CheckpointError, match=rf"{name} with shape \(3,\), config.json asks for \(32,\)"):
        load(path, CPU, torch.float32)
