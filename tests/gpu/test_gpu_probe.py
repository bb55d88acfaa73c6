"""The gauges' look at a real GPU."""

from __future__ import annotations

import os

import pytest
import torch

from app.gauges.gpu_probe import open_gpu
from core.engine.device import uuid_of

pytestmark = pytest.mark.gpu


def test_our_own_memory_on_the_gpu_that_torch_uses_is_told() -> None:
    pytest.importorskip("pynvml")
    device = torch.device("cuda", 0)
    held = torch.zeros(1 << 28, dtype=torch.uint8, device=device)
    torch.cuda.synchronize()
    probe = open_gpu(uuid_of(device))
    assert probe is not None
    reading = probe.read({os.getpid()})
    probe.close()
    total = torch.cuda.get_device_properties(device).total_memory
    assert reading.total_bytes == pytest.approx(total, rel=0.1)
    assert reading.used_bytes is not None
    assert reading.used_bytes >= held.nbytes
    if reading.memory_bytes is not None:  # a container may have process ids of its own
        assert held.nbytes <= reading.memory_bytes <= reading.used_bytes


def test_a_cpu_has_no_uuid() -> None:
    assert uuid_of(torch.device("cpu")) == ""
