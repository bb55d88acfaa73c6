"""Load and memory of our own processes on one GPU, from NVIDIA's management library (NVML). No Qt, no torch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

PREFIXES = ("GPU-", "MIG-", "")
"""What NVML puts in front of the identifier that CUDA gives: a whole GPU, a part of one, or nothing."""


@dataclass(frozen=True, slots=True)
class GpuReading:
    """One look at a GPU; None where the driver does not report it.

    Attributes:
        busy: share of the last second or so in which our processes had work on it, 0 to 1; that of all processes where
            the driver does not report ours.
        memory_bytes: what our processes take of its memory.
        used_bytes, total_bytes: memory taken by all, and all there is. machine_busy: as `busy`, of all processes.
    """

    busy: float | None
    memory_bytes: int | None
    used_bytes: int | None
    total_bytes: int | None
    machine_busy: float | None = None


class GpuProbe:
    """An open GPU. The order in which NVML counts GPUs is not that of CUDA, so it is found by its UUID.

    Attributes:
        driver: the version of NVIDIA's driver.
    """

    def __init__(self, nvml: Any, handle: Any) -> None:
        """`nvml` is the module pynvml, initialised; `open_gpu` makes these."""
        self.driver: str = nvml.nvmlSystemGetDriverVersion()
        self._nvml = nvml
        self._handle = handle
        self._seen_until = 0  # microseconds of the driver's clock: samples of our load that were read already

    def read(self, pids: Collection[int]) -> GpuReading:
        """`pids` are our processes. Never raises for what the driver does not report."""
        own = self._own_memory(pids)
        memory = self._told("nvmlDeviceGetMemoryInfo")
        used = None if memory is None else int(memory.used)
        total = None if memory is None else int(memory.total)
        rates = self._told("nvmlDeviceGetUtilizationRates")
        machine_busy = None if rates is None else rates.gpu / 100
        busy = self._own_busy(pids)
        return GpuReading(machine_busy if busy is None else busy, own, used, total, machine_busy)

    def close(self) -> None:
        self._nvml.nvmlShutdown()

    def _own_memory(self, pids: Collection[int]) -> int | None:
        """None where the driver lists none of our processes, as in a container with process ids of its own."""
        processes = self._told("nvmlDeviceGetComputeRunningProcesses") or []
        ours = [process.usedGpuMemory for process in processes if process.pid in pids]
        known = [int(taken) for taken in ours if taken is not None]
        return sum(known) if known else None

    def _own_busy(self, pids: Collection[int]) -> float | None:
        samples = self._told("nvmlDeviceGetProcessUtilization", self._seen_until)
        if samples:
            self._seen_until = max(sample.timeStamp for sample in samples)
            ours = [sample.smUtil for sample in samples if sample.pid in pids]
            if ours:
                return min(1.0, max(ours) / 100)
        return None

    def _told(self, function: str, *words: object) -> Any:
        """What the driver answers; None where it does not support the question."""
        try:
            return getattr(self._nvml, function)(self._handle, *words)
        except self._nvml.NVMLError:
            return None


def open_gpu(uuid: str) -> GpuProbe | None:
    """The GPU that CUDA calls by this UUID; None where there is no NVIDIA driver, or it knows no such GPU."""
    try:
        import pynvml
    except ImportError:
        return None
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return None
    for prefix in PREFIXES:
        try:
            return GpuProbe(pynvml, pynvml.nvmlDeviceGetHandleByUUID(prefix + uuid))
        except pynvml.NVMLError:
            continue
    pynvml.nvmlShutdown()
    return None
