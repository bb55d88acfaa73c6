"""Which device it is, in words that others understand, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def uuid_of(device: torch.device) -> str:
    """The GPU as CUDA calls it, whatever its number is elsewhere; "" for a CPU, or where torch does not tell."""
    if device.type != "cuda":
        return ""
    import torch

    return str(getattr(torch.cuda.get_device_properties(device), "uuid", ""))
