"""Kernels are only run, never trained."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def _inference() -> Iterator[None]:
    pytest.importorskip("triton", reason="comes with a CUDA build of torch")
    torch.manual_seed(0)
    with torch.inference_mode():
        yield
