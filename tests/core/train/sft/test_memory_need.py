"""What fits, reckoned: known cases of published shapes, and the sizes of real weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import EngineError
from core.model.checkpoint import read_config
from core.model.config import ModelConfig
from core.train.sft.flops import decoder_weights
from core.train.sft.memory_need import needed_bytes, require_fits, vision_weights
from core.train.sft.sft_config import SftConfig
from core.train.sft.sft_model import SftModel
from tests.core.train.sft.shapes import SEVEN_B
from tests.core.train.sft.test_sft_model import loaded

GB = 1e9


def test_lora_of_7b_fits_one_gpu_of_80_gb_and_all_of_it_does_not() -> None:
    require_fits(SEVEN_B, SftConfig(lora_rank=16), 1, 80 * GB, 2)
    with pytest.raises(EngineError, match=r"about 1[2-9][0-9] GB on each of 1 device, there are 80; --lora fits"):
        require_fits(SEVEN_B, SftConfig(), 1, 80 * GB, 2)
    require_fits(SEVEN_B, SftConfig(), 8, 80 * GB, 2)


def test_what_would_fit_is_said() -> None:
    with pytest.raises(EngineError, match="--lora --pack-tokens 4096 fits"):
        require_fits(SEVEN_B, SftConfig(pack_tokens=65536), 1, 24 * GB, 2)
    with pytest.raises(EngineError, match="16 such devices fit"):
        require_fits(SEVEN_B, SftConfig(pack_tokens=1), 1, 18 * GB, 2)
    with pytest.raises(EngineError, match="a smaller checkpoint"):
        require_fits(SEVEN_B, SftConfig(), 1, 1 * GB, 2)


def test_weights_are_counted_as_they_are(model_path: Path) -> None:
    """But for biases and norms."""
    config: ModelConfig = read_config(model_path)
    model: SftModel = loaded(model_path)
    matrices = [p.numel() for p in model.decoder.layers.parameters() if p.ndim == 2]  # type: ignore[operator,union-attr]
    assert sum(matrices) == decoder_weights(config)
    vision = sum(p.numel() for p in model.vision.parameters() if p.ndim == 2)
    patch_embedding = model.vision.patch_embed.weight.numel()
    assert vision - patch_embedding == vision_weights(config)


def test_more_processes_and_adapters_need_less() -> None:
    whole = needed_bytes(SEVEN_B, SftConfig(), 1, 2)
    assert needed_bytes(SEVEN_B, SftConfig(), 2, 2) < 0.6 * whole
    assert needed_bytes(SEVEN_B, SftConfig(lora_rank=16), 1, 2) < 0.3 * whole
    kept = SftConfig(lora_rank=16, keep_layers=28)
    assert needed_bytes(SEVEN_B, kept, 1, 2) > needed_bytes(SEVEN_B, SftConfig(lora_rank=16), 1, 2)
