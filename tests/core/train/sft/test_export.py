"""What is written can be read by the engine and transformers, says the same, and has the adapters in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from core.config import resolve
from core.model.checkpoint import load, read_config
from core.model.qwen2_5_vl.names import canonical_name
from core.train.sft.export import published, write_checkpoint, write_settings
from core.train.sft.pack import pack
from core.train.sft.sft_config import PixelBudget, PromptConfig
from tests.core.train.sft.test_sft_model import loaded, samples
from tests.parity.test_transformers import saved_by_transformers


@pytest.mark.parametrize("kind", ["qwen2_5_vl", "qwen2_vl"])
@pytest.mark.parametrize("tied", [False, True])
def test_untouched_weights_come_back_bit_for_bit(kind: str, tied: bool, tmp_path: Path) -> None:
    source = saved_by_transformers(tmp_path / "source", kind, tied)
    config = read_config(source)
    out = tmp_path / "out"
    write_checkpoint(out, source, loaded(source), config, writes=True)
    before = {name: w for file in source.glob("*.safetensors") for name, w in load_file(file).items()}
    after = {name: w for file in out.glob("*.safetensors") for name, w in load_file(file).items()}
    assert {canonical_name(name) for name in before} == set(after)
    for name, weight in before.items():
        assert torch.equal(after[canonical_name(name)], weight)
    load(out, torch.device("cpu"), torch.float32)


def test_adapters_are_merged(data: Path, model_path: Path, tokenizer: Tokenizer) -> None:
    model = loaded(model_path, lora_rank=4)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.requires_grad:
                weight.normal_(0, 0.1, generator=torch.Generator().manual_seed(len(name)))
    batch = pack(samples(data, model_path, tokenizer))
    plain = loaded(model_path)
    before = plain(batch).item()
    merged = {name.replace("model.", "decoder.", 1).replace("lm_head", "head"): w
              for name, w in published(model, read_config(model_path)) if not name.startswith("visual")}  # fmt: skip
    left = plain.load_state_dict(merged, strict=False)
    assert not left.unexpected_keys
    assert all(name.startswith("vision") for name in left.missing_keys)
    assert plain(batch).item() == pytest.approx(model(batch).item(), rel=1e-4)
    assert plain(batch).item() != pytest.approx(before, rel=1e-3)


def test_a_stream_sees_as_the_training_saw(model_path: Path, tmp_path: Path) -> None:
    write_checkpoint(tmp_path, model_path, loaded(model_path), read_config(model_path), writes=True)
    write_settings(tmp_path, model_path, PromptConfig(sink_tokens=64, text_window_tokens=32), PixelBudget())
    checkpoint = load(tmp_path, torch.device("cpu"), torch.float32)
    assert (checkpoint.min_pixels, checkpoint.max_pixels) == (100 * 784, 768 * 784)
    stream = resolve({"model": str(tmp_path)})
    assert (stream.cache.sink_tokens, stream.cache.text_window_tokens, stream.fps, stream.query) == (64, 32, 2, "")
    assert json.loads((tmp_path / "generation_config.json").read_text())["eos_token_id"] == 151645
