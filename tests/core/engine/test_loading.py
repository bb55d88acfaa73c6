"""From settings to device and number format; what cannot be had is refused in words."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import torch

from core.assets import BUNDLED
from core.engine.loading import engine_threads, find_checkpoint, pick_device, pick_dtype
from core.errors import CheckpointError, UsageError

CPU = torch.device("cpu")


def test_devices_by_name() -> None:
    assert pick_device("cpu") == CPU
    assert pick_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    with pytest.raises(UsageError, match="use auto, cpu or cuda"):
        pick_device("gpu")
    with pytest.raises(UsageError, match="no such CUDA device"):
        pick_device("cuda:99")


@pytest.mark.parametrize(
    ("name", "dtype"), [("auto", torch.float32), ("bfloat16", torch.bfloat16), ("float16", torch.float16)]
)
def test_number_formats_by_name(name: str, dtype: torch.dtype) -> None:
    assert pick_dtype(name, CPU) == dtype


@pytest.mark.parametrize("name", ["int8", "nn", "half a byte", "fp8"])
def test_other_number_formats_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        pick_dtype(name, CPU)


def test_half_the_cores_and_never_none() -> None:
    assert [engine_threads(cores) for cores in (1, 2, 3, 16)] == [1, 1, 1, 8]


def test_a_directory_is_shown_by_its_name(tmp_path: Path) -> None:
    never = threading.Event()
    assert find_checkpoint("", lambda progress: None, never) == (BUNDLED, BUNDLED.name)
    with pytest.raises(CheckpointError):
        find_checkpoint(str(tmp_path), lambda progress: None, never)
