"""Whether a model fits, and with which dtype."""

from __future__ import annotations

from dataclasses import replace

import psutil
import pytest

from app.models.catalogue import KNOWN
from app.models.fit import Machine, fitting_dtype, line_s, look, needed_bytes, verdict

GB = 10**9
BIG = Machine("NVIDIA H100", 80 * GB, 500 * GB)
SMALL = Machine("NVIDIA GeForce RTX 4070", 12 * GB, 32 * GB)
NONE = Machine("", 0, 16 * GB)


def parameters(name: str) -> float:
    return next(model.parameters for model in KNOWN if model.name == name)


@pytest.mark.parametrize(
    ("name", "machine", "dtype"),
    [
        ("mit-han-lab/StreamingVLM", BIG, "bfloat16"),
        ("Qwen/Qwen2.5-VL-32B-Instruct", BIG, "bfloat16"),
        ("Qwen/Qwen2.5-VL-72B-Instruct", BIG, ""),
        ("Qwen/Qwen2.5-VL-3B-Instruct", SMALL, "bfloat16"),
        ("mit-han-lab/StreamingVLM", SMALL, ""),
        ("mit-han-lab/StreamingVLM", Machine("NVIDIA GeForce RTX 4080", 16 * GB, 32 * GB), "fp8"),
        ("Qwen/Qwen2.5-VL-72B-Instruct", Machine("NVIDIA H200", 150 * GB, 500 * GB), "fp8"),
        ("", NONE, "float32"),
        ("Qwen/Qwen2.5-VL-3B-Instruct", NONE, "float32" if 4 * 3.75 + 1 <= 16 else "bfloat16"),
    ],
)
def test_the_first_dtype_that_fits(name: str, machine: Machine, dtype: str) -> None:
    assert fitting_dtype(parameters(name), machine) == dtype


def test_a_7b_model_needs_on_a_gpu_what_was_measured() -> None:
    assert needed_bytes(8.29e9, "bfloat16", BIG) == pytest.approx(16.6e9 + 3.6e9, rel=0.05)


def test_the_verdict_says_need_against_what_there_is() -> None:
    assert verdict(8.29e9, BIG) == "fits as bfloat16: needs 20.6 GB of 80 GB of the GPU"
    assert verdict(8.29e9, SMALL) == "too large: needs 13.5 GB as fp8, of 12 GB of the GPU"
    assert verdict(2.21e9, NONE).endswith("of 16 GB of memory; far too slow to be live without a GPU")
    assert verdict(8.7e6, NONE).endswith("; live on two CPU cores")


def test_a_7b_model_is_as_fast_on_an_h100_as_was_measured() -> None:
    moving = replace(BIG, gpu_bytes_per_s=5120 / 8 * 2 * 2619e6)
    assert verdict(8.29e9, moving).endswith("of 80 GB of the GPU; about 0.14 s a line")
    assert line_s(8.29e9, "fp8", moving) == pytest.approx(0.09, abs=0.015)
    assert "too slow to be live: 2.3 s a line" in verdict(8.29e9, replace(moving, gpu_bytes_per_s=2e11))
    assert line_s(8.29e9, "fp8", BIG) is None


def test_this_machine_is_seen_as_it_is() -> None:
    found = look()
    assert found.ram_bytes == psutil.virtual_memory().total
    assert bool(found.gpu) == bool(found.gpu_bytes)
