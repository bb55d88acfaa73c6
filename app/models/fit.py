"""Whether a model fits this machine, and with which dtype. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.models.catalogue import KNOWN, KnownModel

BYTES_EACH = {"float32": 4.0, "bfloat16": 2.0, "fp8": 1.15}
"""Bytes of memory for each weight. With fp8 embeddings, norms and small matrices stay in bfloat16."""
NO_GPU = ("", 0, 0.0)
WORKING_BYTES = {"gpu": 4.0e9, "cpu": 1.0e9}
"""Beside the weights: KV cache, activations, libraries. Measured with the 7B shape on a GPU: 3.6 GB."""

LINE_TOKENS = 20
OVER_THE_FLOOR = 1.4
"""A line's time against that of reading all weights once a token: with the 7B shape on an H100 0.14 s, as fp8 0.09."""
PREFERRED = ("mit-han-lab/StreamingVLM", "Qwen/Qwen2.5-VL-3B-Instruct")
"""What is suggested where it fits, in the order of the catalogue."""
MAX_LIVE_ON_A_CPU = 1e8
"""Weights with which a few CPU cores still keep up with two frames a second."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a model may use here.

    Attributes:
        gpu: the name of the largest NVIDIA GPU, "" for none; gpu_bytes: its memory. ram_bytes: of the machine.
        gpu_bytes_per_s: what the GPU's memory moves at most, 0 where its driver does not tell.
    """

    gpu: str
    gpu_bytes: int
    ram_bytes: int
    gpu_bytes_per_s: float = 0.0

    @property
    def memory_bytes(self) -> int:
        """Where the weights go: the GPU's, or the machine's."""
        return self.gpu_bytes if self.gpu else self.ram_bytes

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Those that run here, the preferred one first."""
        return ("bfloat16", "fp8") if self.gpu else ("float32", "bfloat16")


def needed_bytes(parameters: float, dtype: str, machine: Machine) -> float:
    return parameters * BYTES_EACH[dtype] + WORKING_BYTES["gpu" if machine.gpu else "cpu"] * min(1, parameters / 1e9)


def fitting_dtype(parameters: float, machine: Machine) -> str:
    """The first dtype with which it fits, "" when it is too large."""
    fits = (dtype for dtype in machine.dtypes if needed_bytes(parameters, dtype, machine) <= machine.memory_bytes)
    return next(fits, "")


def line_s(parameters: float, dtype: str, machine: Machine) -> float | None:
    """About how long after its pictures a line of 20 tokens is there, on a GPU; None where that cannot be told."""
    if not machine.gpu_bytes_per_s:
        return None
    return OVER_THE_FLOOR * LINE_TOKENS * parameters * BYTES_EACH[dtype] / machine.gpu_bytes_per_s


def verdict(parameters: float, machine: Machine) -> str:
    """In one line: what it needs against what there is, and how fast it would be."""
    where = f"{machine.memory_bytes / 1e9:.0f} GB of {'the GPU' if machine.gpu else 'memory'}"
    dtype = fitting_dtype(parameters, machine)
    if not dtype:
        least = machine.dtypes[-1]
        return f"too large: needs {_gb(needed_bytes(parameters, least, machine))} as {least}, of {where}"
    only = "" if dtype == machine.dtypes[0] else " only"
    needs = _gb(needed_bytes(parameters, dtype, machine))
    return f"fits as {dtype}{only}: needs {needs} of {where}{_speed(parameters, dtype, machine)}"


def _speed(parameters: float, dtype: str, machine: Machine) -> str:
    if not machine.gpu:
        live = parameters < MAX_LIVE_ON_A_CPU
        return "; live on two CPU cores" if live else "; far too slow to be live without a GPU"
    seconds = line_s(parameters, dtype, machine)
    if seconds is None:
        return ""
    return f"; too slow to be live: {seconds:.1f} s a line" if seconds > 1 else f"; about {seconds:.2f} s a line"


def suited(machine: Machine) -> KnownModel:
    """The first model offered that is live on this machine: on a GPU that it fits, else the bundled one."""
    larger = [model for model in KNOWN if machine.gpu and model.name in PREFERRED]
    return next((model for model in larger if fitting_dtype(model.parameters, machine)), KNOWN[0])


def look() -> Machine:
    """This machine: NVIDIA's GPUs by NVML, memory by psutil. May take a tenth of a second."""
    import psutil

    gpu, gpu_bytes, moves = _largest_gpu()
    return Machine(gpu, gpu_bytes, psutil.virtual_memory().total, moves)


def _largest_gpu() -> tuple[str, int, float]:
    """Its name, its memory, and the bytes a second that moves."""
    try:
        import pynvml
    except ImportError:
        return NO_GPU
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:  # no driver here
        return NO_GPU
    try:
        handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]
        sizes = [(int(pynvml.nvmlDeviceGetMemoryInfo(handle).total), handle) for handle in handles]
        if not sizes:
            return NO_GPU
        size, handle = max(sizes, key=lambda entry: entry[0])
        return str(pynvml.nvmlDeviceGetName(handle)), size, _bytes_per_s(handle)
    except pynvml.NVMLError:
        return NO_GPU
    finally:
        pynvml.nvmlShutdown()


def _bytes_per_s(handle: Any) -> float:
    """The width of its memory bus at two transfers a clock; 0 where the driver does not tell."""
    import pynvml

    try:
        bits = pynvml.nvmlDeviceGetMemoryBusWidth(handle)
        megahertz = pynvml.nvmlDeviceGetMaxClockInfo(handle, pynvml.NVML_CLOCK_MEM)
    except pynvml.NVMLError:
        return 0.0
    return float(bits / 8 * 2 * megahertz * 1e6)


def _gb(number: float) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e8 else f"{number / 1e6:.0f} MB"
