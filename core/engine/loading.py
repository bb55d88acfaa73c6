"""Build a warmed-up engine from settings: device, dtype, checkpoint."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import torch

from core.assets import BUNDLED
from core.config import StreamConfig
from core.engine.engine import Engine
from core.errors import EngineError, UsageError
from core.messages import Loading
from core.model.checkpoint import Checkpoint, load
from core.model.completeness import require_complete
from core.model.hub import fetch, parse

FP8_CAPABILITY = (8, 9)  # Ada and later


def load_engine(config: StreamConfig, on_progress: Callable[[Loading], None], cancelled: Event) -> Engine:
    """Load the checkpoint of `config`, downloading it where it is a hub id, and warm up the kernels.

    on_progress is called with the state of a download.

    Raises CheckpointError or UsageError; EngineError when `cancelled`.
    """
    checkpoint, device = load_checkpoint(config, on_progress, cancelled)
    return warm_engine(checkpoint, config, device)


def load_checkpoint(
    config: StreamConfig, on_progress: Callable[[Loading], None], cancelled: Event
) -> tuple[Checkpoint, torch.device]:
    """The weights of `config`, on its device; for any number of engines, one after another. Raises as `load_engine`."""
    device = pick_device(config.device)
    if device.type == "cpu":
        torch.set_num_threads(engine_threads(os.cpu_count() or 1))
    dtype = pick_dtype(config.dtype, device)
    path, name = find_checkpoint(config.model, on_progress, cancelled)
    if cancelled.is_set():
        raise EngineError("Loading stopped", "it was interrupted")
    return replace(load(path, device, dtype, config.dtype == "fp8"), name=name), device


def warm_engine(checkpoint: Checkpoint, config: StreamConfig, device: torch.device) -> Engine:
    """A warmed-up engine over weights that are loaded."""
    engine = Engine(checkpoint, config, device)
    engine.warm_up()
    return engine


def find_checkpoint(model: str, on_progress: Callable[[Loading], None], cancelled: Event) -> tuple[Path, str]:
    """The directory of a complete checkpoint, and its name to show. No weights are read yet."""
    place = parse(model) if model else BUNDLED
    if isinstance(place, Path):
        require_complete(place)
        return place, place.resolve().name
    path = fetch(place, on_progress, cancelled)
    require_complete(path, "the hub's own copy is not whole, choose another one")
    on_progress(Loading("loading", 0, sum(file.stat().st_size for file in path.iterdir())))
    return path, str(place)


def engine_threads(cores: int) -> int:
    """Half the cores: the other half captures and paints. One thread too many slows all of them, since a parallel
    operation ends with its slowest thread."""
    return max(1, cores // 2)


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
    """ "auto" (float32 on the CPU, bfloat16 on a GPU), "fp8" (bfloat16, matrices rounded to fp8) or a torch name."""
    if name == "fp8":
        if device.type != "cuda" or torch.cuda.get_device_capability(device) < FP8_CAPABILITY:
            raise UsageError("No fp8 here", f"{device} cannot compute with it; use auto")
        return torch.bfloat16
    if name == "auto":
        return torch.float32 if device.type == "cpu" else torch.bfloat16
    dtype = getattr(torch, name, None)
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise UsageError("Unknown number format", f"{name!r}; use auto, float32, bfloat16, float16 or fp8")
    return dtype
