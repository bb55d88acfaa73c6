"""From settings to an engine that is warm: device, number format, checkpoint."""

from __future__ import annotations

import torch

from core.config import StreamConfig
from core.engine.engine import Engine
from core.errors import UsageError
from core.model.checkpoint import load


def load_engine(config: StreamConfig) -> Engine:
    """Load the checkpoint of `config` and warm the kernels up. Raises CheckpointError or UsageError."""
    device = pick_device(config.device)
    engine = Engine(load(config.model_path(), device, pick_dtype(config.dtype, device)), config, device)
    engine.warm_up()
    return engine


def pick_device(name: str) -> torch.device:
    """ "auto", "cpu" or "cuda[:N]" to a device. Raises UsageError where the GPU asked for is not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise UsageError("Unknown device", f"{name!r}; use auto, cpu or cuda[:N]") from None
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise UsageError("No such GPU", f"{name}: this machine or this build of torch has no such CUDA device")
    return device


def pick_dtype(name: str, device: torch.device) -> torch.dtype:
    """ "auto" (float32 on the CPU, bfloat16 on a GPU) or a torch name."""
    if name == "auto":
        return torch.float32 if device.type == "cpu" else torch.bfloat16
    dtype = getattr(torch, name, None)
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise UsageError("Unknown number format", f"{name!r}; use auto, float32, bfloat16 or float16")
    return dtype
