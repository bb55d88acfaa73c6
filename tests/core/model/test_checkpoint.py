"""A checkpoint directory that is not as it should be is one clear error; parity tests hold that a good one is right."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest
import torch

from core.assets import BUNDLED
from core.errors import CheckpointError
from core.model.checkpoint import load, read_config

CPU = torch.device("cpu")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(copytree(BUNDLED, tmp_path / "copied"))


def test_the_pixel_budget_is_the_checkpoints(copied: Path) -> None:
    checkpoint = load(copied, CPU, torch.float32)
    said = json.loads((copied / "preprocessor_config.json").read_text("utf-8"))
    assert (checkpoint.min_pixels, checkpoint.max_pixels) == (said["min_pixels"], said["max_pixels"])
    (copied / "preprocessor_config.json").unlink()
    assert load(copied, CPU, torch.float32).max_pixels == 768 * 28 * 28


@pytest.mark.parametrize("written", ["{", "[]", '{"min_pixels": "many"}'])
def test_a_damaged_pixel_budget_names_its_file(copied: Path, written: str) -> None:
    (copied / "preprocessor_config.json").write_text(written)
    with pytest.raises(CheckpointError, match=r"Damaged checkpoint: .*preprocessor_config\.json"):
        load(copied, CPU, torch.float32)


@pytest.mark.parametrize(
    ("written", "told"),
    [("{", "cannot be read"), ("{}", "unknown"), ('{"model_type": "qwen2_5_vl"}', "makes no sense")],
)
def test_a_damaged_configuration_says_what_is_wrong(copied: Path, written: str, told: str) -> None:
    (copied / "config.json").write_text(written)
    with pytest.raises(CheckpointError, match=told):
        read_config(copied)


def test_no_directory_and_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="is not a directory"):
        load(tmp_path / "nowhere", CPU, torch.float32)
    with pytest.raises(CheckpointError, match=r"has no config\.json"):
        load(tmp_path, CPU, torch.float32)


def test_a_tokenizer_of_another_model_is_refused(copied: Path) -> None:
    config = json.loads((copied / "config.json").read_text("utf-8"))
    (copied / "config.json").write_text(json.dumps(config | {"vocab_size": 512}))
    with pytest.raises(CheckpointError, match=r"Wrong tokenizer: it has [0-9]+ tokens, the model 512"):
        load(copied, CPU, torch.float32)


def test_a_truncated_shard_is_named(copied: Path) -> None:
    file = max(copied.glob("*.safetensors"), key=lambda path: path.stat().st_size)
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match=file.name):
        load(copied, CPU, torch.float32)
