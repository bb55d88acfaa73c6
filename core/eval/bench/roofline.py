"""What the machine itself can do: the floors that the model's speed is held against."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from core.eval.bench.figure import Figure, spread

REPEATS = 12


@dataclass(frozen=True, slots=True)
class Roofline:
    """Samples of one machine.

    Attributes:
        copy: bytes per second, read and written, of a copy in the device's memory.
        product: floating-point operations per second of a matrix product.
        dtype: of the product.
    """

    copy: list[float]
    product: list[float]
    dtype: torch.dtype

    def figures(self) -> Iterator[Figure]:
        """Both, in the units people know."""
        yield spread("machine_copy", [c / 1e9 for c in self.copy], "GB/s", better="higher", note="read + written")
        name = str(self.dtype).removeprefix("torch.")
        yield spread("machine_product", [p / 1e12 for p in self.product], "TFLOPs", better="higher", note=name)


def measure(device: torch.device, copied_bytes: int, matrix_side: int) -> Roofline:
    """Copy `copied_bytes` and multiply matrices of `matrix_side` x `matrix_side`."""
    source = torch.ones(copied_bytes // 4, device=device)
    target = torch.empty_like(source)
    copy = timed(device, lambda: target.copy_(source), REPEATS)
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    a, b = (torch.randn(matrix_side, matrix_side, device=device, dtype=dtype) for _ in range(2))
    product = timed(device, lambda: a @ b, REPEATS)
    return Roofline([2 * source.nbytes / s for s in copy], [2 * matrix_side**3 / s for s in product], dtype)


def timed(device: torch.device, work: Callable[[], Tensor | object], repeats: int) -> list[float]:
    """Seconds of each of `repeats` runs, after two that warm up; the device is idle before and after each."""
    seconds = []
    for _ in range(repeats + 2):
        synchronise(device)
        begun = time.perf_counter()
        work()
        synchronise(device)
        seconds.append(time.perf_counter() - begun)
    return seconds[2:]


def synchronise(device: torch.device) -> None:
    """Wait until the device has done all it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
