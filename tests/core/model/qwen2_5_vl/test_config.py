"""A config.json as any transformers wrote it, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.assets import BUNDLED
from core.errors import CheckpointError
from core.model.qwen2_5_vl.config import parse

VISION_KEYS = {"vision_config", "model_type", "architectures", "torch_dtype", "tie_word_embeddings"}


@pytest.fixture
def flat() -> dict[str, Any]:
    """As transformers 4 writes it."""
    return json.loads((BUNDLED / "config.json").read_text("utf-8"))


def test_both_layouts_say_the_same(flat: dict[str, Any]) -> None:
    text = {name: value for name, value in flat.items() if name not in VISION_KEYS | {"rope_theta", "rope_scaling"}}
    text["rope_parameters"] = {**flat["rope_scaling"], "rope_theta": flat["rope_theta"]}
    nested = {name: flat[name] for name in VISION_KEYS if name in flat} | {"text_config": text}
    assert parse(nested) == parse(flat)


def test_what_follows_from_the_numbers(flat: dict[str, Any]) -> None:
    config = parse(flat)
    assert config.head_dim == 64
    assert config.raw_key_bytes_per_token(2) == 6 * 2 * 64 * 2
    assert config.kv_bytes_per_token(2) == 2 * config.raw_key_bytes_per_token(2)
    assert config.vision.patch_values == 3 * 2 * 14 * 14
    assert config.vision.window_patches == 64
    assert config.vision.temporal_step(8.0) == 0.5
    flat["vision_config"]["intermediate_size"] = 3420
    assert parse(flat).vision.mlp_width == 3456  # padded for the GEMM


def test_qwen2_vl_has_neither_windows_nor_gates(flat: dict[str, Any]) -> None:
    vision = {"embed_dim": 192, "depth": 6, "num_heads": 4, "hidden_size": 256, "mlp_ratio": 4}
    config = parse(flat | {"model_type": "qwen2_vl", "vision_config": vision}).vision
    assert (config.gated, config.window_patches, config.mlp_width, config.out_hidden) == (False, 0, 768, 256)
    assert config.full_attention_blocks == tuple(range(6))
    assert config.temporal_step(8.0) == 1.0


def test_another_family_is_refused_with_those_supported(flat: dict[str, Any]) -> None:
    with pytest.raises(CheckpointError, match="this is 'llama'; supported are qwen2_5_vl, qwen2_vl"):
        parse(flat | {"model_type": "llama"})


@pytest.mark.parametrize("section", [[8, 12, 11], [16, 16]])
def test_a_section_that_does_not_fill_the_head_is_refused(flat: dict[str, Any], section: list[int]) -> None:
    with pytest.raises(ValueError, match="is not the head size 64"):
        parse(flat | {"rope_scaling": {"type": "mrope", "mrope_section": section}})
