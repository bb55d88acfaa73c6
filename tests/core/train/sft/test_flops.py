"""Operations counted by hand, against PyTorch's counter."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from core.model.checkpoint import read_config
from core.train.sft.flops import FlopCount, peak_rate
from core.train.sft.pack import pack
from core.train.sft.sft_config import SftConfig
from tests.core.train.sft.test_sft_model import loaded, samples


@pytest.mark.parametrize("how", [{}, {"lora_rank": 4}, {"train_vision": True}])
def test_flops_are_those_that_pytorch_counts(
    how: dict[str, object], data: Path, model_path: Path, tokenizer: Tokenizer
) -> None:
    """PyTorch counts attention in full, we its causal half; and it counts adapters, which we leave out."""
    from torch.utils.flop_counter import FlopCounterMode

    batch = pack(samples(data, model_path, tokenizer))
    model = loaded(model_path, checkpointing=False, **how)
    with FlopCounterMode(display=False) as counter:
        model(batch).backward()
    ours = FlopCount.of(read_config(model_path), SftConfig(**how)).pack(batch)  # type: ignore[arg-type]
    assert ours == pytest.approx(counter.get_total_flops(), rel=0.12)


def test_devices_are_known_by_their_names() -> None:
    assert peak_rate("NVIDIA H200") == peak_rate("NVIDIA H100 80GB HBM3") == 989e12
    assert peak_rate("NVIDIA GeForce GTX 1080") is None
