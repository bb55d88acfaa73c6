"""Which implementation is chosen where, and what is said where one cannot run."""

from __future__ import annotations

import pytest
import torch

from core.config import ATTENTIONS, StreamConfig, resolve
from core.engine.backends import flash, select, torch_private
from core.engine.engine import Engine
from core.errors import UsageError
from core.model.checkpoint import Checkpoint

CPU = torch.device("cpu")
GPU = torch.device("cuda", 0)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine with an H100, Triton and flash-attn, as far as the choice asks."""
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (9, 0))
    monkeypatch.setattr(select, "has_triton", lambda: True)
    monkeypatch.setattr(flash, "is_installed", lambda: True)
    return monkeypatch


def test_our_kernels_run_where_they_were_tuned(gpu: pytest.MonkeyPatch) -> None:
    assert select.default_gpu_attention(GPU, torch.bfloat16) == "triton"
    assert select.default_gpu_attention(GPU, torch.float32) == "sdpa"


@pytest.mark.parametrize("capability", [(8, 0), (8, 9), (10, 0), (12, 0)])
def test_an_unknown_gpu_gets_what_is_safe(gpu: pytest.MonkeyPatch, capability: tuple[int, int]) -> None:
    gpu.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert select.default_gpu_attention(GPU, torch.bfloat16) == "flash"
    gpu.setattr(flash, "is_installed", lambda: False)
    assert select.default_gpu_attention(GPU, torch.bfloat16) == "sdpa"


def test_an_old_gpu_gets_neither_our_kernels_nor_flash(gpu: pytest.MonkeyPatch) -> None:
    gpu.setattr(torch.cuda, "get_device_capability", lambda device: (7, 5))
    assert select.default_gpu_attention(GPU, torch.float16) == "sdpa"
    assert not select.has_kernels(GPU)
    assert "8.0" in select.attention_lack("flash", GPU, torch.float16)


@pytest.mark.parametrize("name", ATTENTIONS)
def test_nothing_is_lacking_where_all_is_there(gpu: pytest.MonkeyPatch, name: str) -> None:
    assert select.attention_lack(name, GPU, torch.bfloat16) == ""


def test_what_is_not_installed_is_named_with_its_fix(gpu: pytest.MonkeyPatch) -> None:
    gpu.setattr(flash, "is_installed", lambda: False)
    with pytest.raises(UsageError, match=r"flash-attn is not installed \(pip install .courtside\[gpu\].\)"):
        select.select_gpu_attention("flash", GPU, torch.bfloat16)
    gpu.setattr(select, "has_triton", lambda: False)
    with pytest.raises(UsageError, match="Triton is not installed"):
        select.select_gpu_attention("triton", GPU, torch.bfloat16)
    assert select.select_gpu_attention("auto", GPU, torch.bfloat16).name == "sdpa"


@pytest.mark.parametrize("name", ["triton", "flash"])
def test_a_cpu_refuses_what_needs_a_gpu(checkpoint: Checkpoint, name: str) -> None:
    with pytest.raises(UsageError, match=f"No {name} attention here: it needs an NVIDIA GPU; use --attention auto"):
        Engine(checkpoint, resolve({"attention": name}), CPU)


def test_a_cpu_takes_onednn_or_what_it_is_told(checkpoint: Checkpoint) -> None:
    own = "onednn" if torch_private.has_onednn() else "sdpa"
    assert Engine(checkpoint, StreamConfig(), CPU).runner.attention.name == own
    runner = Engine(checkpoint, resolve({"attention": "sdpa"}), CPU).runner
    assert (runner.name, runner.attention.name) == ("cpu", "sdpa")
    assert select.select_cpu_attention("auto", torch.bfloat16).name == "sdpa"


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="must be one of auto, triton, flash, sdpa"):
        resolve({"attention": "xformers"})
