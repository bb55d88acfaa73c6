"""What the engine's faster ways need."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

HAS_TRITON = find_spec("triton") is not None  # it comes with a CUDA build of torch


def uuid_of(device: torch.device) -> str:
    """The GPU as CUDA calls it, whatever its number is elsewhere; "" for a CPU, or where torch does not tell."""
    if device.type != "cuda":
        return ""
    import torch

    return str(getattr(torch.cuda.get_device_properties(device), "uuid", ""))
