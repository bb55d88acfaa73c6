"""What learns, in which type; and checkpoints that are refused before they are loaded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from core.errors import CheckpointError
from core.model.checkpoint import read_config
from core.train.sft.load_model import check_checkpoint, load_model, use_liger
from core.train.sft.pack import pack
from core.train.sft.sft_config import SftConfig
from tests.core.train.sft.test_sft_model import samples


@pytest.mark.parametrize(
    ("how", "learns"),
    [
        (SftConfig(), {"decoder", "head"}),
        (SftConfig(train_vision=True), {"decoder", "head", "vision"}),
        (SftConfig(lora_rank=4), {"decoder"}),
    ],
)
def test_what_learns_is_float32_and_the_rest_computes(how: SftConfig, learns: set[str], model_path: Path) -> None:
    model = load_model(model_path, read_config(model_path), how, torch.bfloat16)
    learning = {name: p for name, p in model.named_parameters() if p.requires_grad}
    assert {name.partition(".")[0] for name in learning} == learns
    assert all(p.dtype == torch.float32 for p in learning.values())
    assert all(p.dtype == torch.bfloat16 for p in model.parameters() if not p.requires_grad)
    if how.lora_rank:
        assert all("lora_" in name for name in learning)


def changed(model_path: Path, folder: Path, **config: object) -> Path:
    other = folder / "model"
    shutil.copytree(model_path, other)
    raw = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(raw | config))
    return other


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"intermediate_size": 256}, r"has shape .*, config.json asks for"),
        ({"num_hidden_layers": 3}, r"has no weights for model.layers.2"),
        ({"model_type": "llama"}, r"this is 'llama'"),
    ],
)
def test_a_checkpoint_of_another_shape_is_refused(
    config: dict[str, object], message: str, model_path: Path, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match=message):
        check_checkpoint(changed(model_path, tmp_path, **config))


def test_a_checkpoint_cut_short_is_refused(model_path: Path, tmp_path: Path) -> None:
    other = changed(model_path, tmp_path)
    file = other / "model.safetensors"
    file.write_bytes(file.read_bytes()[:100_000])
    with pytest.raises(CheckpointError, match=r"has 100,000 of .* bytes"):
        check_checkpoint(other)


@pytest.mark.parametrize("rank", [0, 4])
def test_ligers_modules_hold_the_same_weights(rank: int, model_path: Path) -> None:
    """Their kernels need a GPU; that they are in place, around every weight there was, does not."""
    pytest.importorskip("liger_kernel")
    model = load_model(model_path, read_config(model_path), SftConfig(lora_rank=rank), torch.float32)
    before = dict(model.named_parameters())
    assert use_liger(model)
    after = dict(model.named_parameters())
    assert set(after) == set(before)
    assert all(after[name] is before[name] for name in before)
    kinds = {type(module).__name__ for module in model.decoder.modules()}
    assert {"LigerRMSNorm", "LigerSwiGLUMLP"} <= kinds
    assert not kinds & {"Qwen2_5_VLRMSNorm", "Qwen2MLP"}


@pytest.mark.gpu
def test_ligers_kernels_give_the_same_loss(data: Path, model_path: Path, tokenizer: Tokenizer) -> None:
    batch = pack(samples(data, model_path, tokenizer)).to(torch.device("cuda"))
    model = load_model(model_path, read_config(model_path), SftConfig(), torch.float32).cuda()
    plain = model(batch).item()
    assert use_liger(model)
    assert model(batch).item() == pytest.approx(plain, rel=1e-4)
