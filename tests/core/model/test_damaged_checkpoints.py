"""A checkpoint that cannot be right is refused by name before it speaks: weights, numbers, side files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from core.assets import BUNDLED
from core.errors import CheckpointError
from core.model.checkpoint import Checkpoint, load

DOWN = "model.layers.0.mlp.down_proj.weight"
Weights = dict[str, Tensor]


def loaded(path: Path) -> Checkpoint:
    return load(path, torch.device("cpu"), torch.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bundled checkpoint in one file."""
    path = tmp_path / "model"
    path.mkdir()
    for name in ("config.json", "tokenizer.json", "preprocessor_config.json"):
        shutil.copy(BUNDLED / name, path)
    save_file(bundled_weights(), path / "model.safetensors")
    return path


def bundled_weights() -> Weights:
    weights: Weights = {}
    for file in sorted(BUNDLED.glob("*.safetensors")):
        weights |= load_file(file)
    return weights


def change_weights(path: Path, change: Callable[[Weights], object]) -> None:
    weights = bundled_weights()
    change(weights)
    save_file(weights, path / "model.safetensors")


def with_number(name: str, number: float) -> Callable[[Weights], object]:
    """One number of one weight is another."""

    def change(weights: Weights) -> None:
        weights[name] = weights[name].clone()
        weights[name].view(-1)[-1] = number

    return change


def int8(weights: Weights) -> None:
    scale = weights[DOWN].float().abs().amax(1, keepdim=True) / 127
    weights[DOWN + "_scale"] = scale
    weights[DOWN] = (weights[DOWN].float() / scale).round().to(torch.int8)


def fp8(weights: Weights) -> None:
    weights[DOWN] = weights[DOWN].to(torch.float8_e4m3fn)


def test_a_whole_one_loads_with_the_pixels_of_its_processor(folder: Path) -> None:
    checkpoint = loaded(folder)
    assert (checkpoint.min_pixels, checkpoint.max_pixels) == (784, 35280)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (with_number(DOWN, float("nan")), f"{DOWN} has numbers that are not finite"),
        (with_number("visual.blocks.3.attn.qkv.bias", float("inf")), r"qkv\.bias has numbers that are not finite"),
        (with_number("model.embed_tokens.weight", -3e38), r"numbers up to 3e\+38, which no model has"),
        (lambda w: w.update({DOWN: torch.zeros_like(w[DOWN])}), f"{DOWN} is all zeros"),
        (lambda w: w.pop(DOWN), "Incomplete checkpoint.*no weights for"),
        (lambda w: w.update({DOWN: w[DOWN][:-1].clone()}), r"down_proj.*shape \(255, 768\), config.json asks for"),
        (lambda w: w.update({"model.layers.0.mlp.extra": w[DOWN].clone()}), r"Unknown weights: .*mlp\.extra"),
        (lambda w: w.update({DOWN.replace("model.", "model.language_model."): w[DOWN].clone()}), "once more"),
        (int8, "Quantised checkpoint: .*I8"),
        (fp8, "Quantised checkpoint: .*F8_E4M3"),
    ],
)
def test_weights_that_cannot_be_right_are_named(folder: Path, change: Callable[[Weights], object], told: str) -> None:
    change_weights(folder, change)
    with pytest.raises(CheckpointError, match=told):
        loaded(folder)


def test_weights_that_nothing_needs_are_ignored_by_kind(folder: Path) -> None:
    def change(weights: Weights) -> None:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"].clone()
        weights["model.layers.0.self_attn.rotary_emb.inv_freq"] = torch.ones(32)

    change_weights(folder, change)
    loaded(folder)


@pytest.mark.parametrize("method", ["awq", "gptq", "bitsandbytes", "fp8", "compressed-tensors"])
@pytest.mark.parametrize("inside", [None, "text_config"])
def test_a_quantised_checkpoint_is_refused_by_the_name_of_its_method(
    folder: Path, method: str, inside: str | None
) -> None:
    set_field(folder / "config.json", ([inside] if inside else []) + ["quantization_config"], {"quant_method": method})
    with pytest.raises(CheckpointError, match=rf"Quantised checkpoint.*\({method}\).*--dtype fp8"):
        loaded(folder)


def set_field(file: Path, keys: list[str], value: Any) -> None:
    raw = json.loads(file.read_text())
    place = raw
    for key in keys[:-1]:
        place = place.setdefault(key, {})
    place[keys[-1]] = value
    file.write_text(json.dumps(raw))


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["hidden_size"], "256"),
        (["hidden_size"], 10**30),
        (["num_hidden_layers"], 10**6),
        (["num_attention_heads"], 0),
        (["num_key_value_heads"], 3),
        (["rms_norm_eps"], -1),
        (["rope_theta"], "many"),
        (["rope_scaling"], []),
        (["rope_scaling", "mrope_section"], [16.0, 8, 8]),
        (["tie_word_embeddings"], "yes"),
        (["vision_config"], None),
        (["vision_config", "num_heads"], 7),
        (["vision_config", "in_channels"], 4),
        (["vision_config", "fullatt_block_indexes"], "all"),
    ],
)
def test_a_field_of_the_configuration_that_makes_no_sense_is_named(folder: Path, keys: list[str], value: Any) -> None:
    set_field(folder / "config.json", keys, value)
    with pytest.raises(CheckpointError, match=rf"Damaged checkpoint: .*config\.json.*{keys[-1].partition('_')[0]}"):
        loaded(folder)


@pytest.mark.parametrize("written", ['{"min_pixels": 3136,', "[]", "[" * 100_000, '{"min_pixels": "few"}', "\udcff"])
@pytest.mark.parametrize("name", ["preprocessor_config.json", "config.json", "tokenizer.json"])
def test_a_side_file_that_makes_no_sense_is_one_clear_error(folder: Path, name: str, written: str) -> None:
    if name == "config.json" and "few" in written:
        written = '{"model_type": "qwen2_5_vl"}'
    (folder / name).write_bytes(written.encode("utf-8", "surrogateescape"))
    with pytest.raises(CheckpointError, match=name) as caught:
        loaded(folder)
    assert caught.value.title == "Damaged checkpoint"


def test_a_limit_left_in_the_tokenizer_neither_cuts_nor_panics(folder: Path) -> None:
    truncation = {"direction": "Right", "max_length": 1, "strategy": "LongestFirst", "stride": 5}
    set_field(folder / "tokenizer.json", ["truncation"], truncation)
    assert len(loaded(folder).tokenizer.encode("a text of more than one token").ids) > 1
