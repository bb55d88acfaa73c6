"""What is read of a GPU. No GPU where these run: NVML's functions are played, its absence is real."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from app.gauges.gpu_meter import GpuMeter, own_processes
from app.gauges.gpu_probe import GpuProbe, GpuReading, open_gpu

pynvml = pytest.importorskip("pynvml")
UUID = "6bf7a34a-0000-1111-2222-333344445555"


class Driver:
    """NVML's functions for two GPUs, counted the other way round than CUDA does."""

    NVMLError = pynvml.NVMLError

    def __init__(self, *, mute: tuple[str, ...] = ()) -> None:
        self.open = 0
        self._mute = mute
        self.asked_since: list[int] = []

    def nvmlInit(self) -> None:
        self.open += 1

    def nvmlShutdown(self) -> None:
        self.open -= 1

    def nvmlSystemGetDriverVersion(self) -> str:
        return "580.65"

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> int:
        handles = {"GPU-of-the-screen": 0, f"GPU-{UUID}": 1}
        if uuid not in handles:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        return handles[uuid]

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> Any:
        self._check("memory")
        return SimpleNamespace(used=30_000, total=150_000)

    def nvmlDeviceGetComputeRunningProcesses(self, handle: int) -> list[Any]:
        self._check("processes")
        taken = {11: 4_000, 12: 5_000, 13: None, 99: 21_000}
        return [SimpleNamespace(pid=pid, usedGpuMemory=bytes_) for pid, bytes_ in taken.items()] if handle == 1 else []

    def nvmlDeviceGetProcessUtilization(self, handle: int, since: int) -> list[Any]:
        self._check("utilization")
        self.asked_since.append(since)
        return [
            SimpleNamespace(pid=pid, smUtil=use, timeStamp=500 + pid) for pid, use in ((11, 37), (12, 12), (99, 80))
        ]

    def nvmlDeviceGetUtilizationRates(self, handle: int) -> Any:
        self._check("rates")
        return SimpleNamespace(gpu=91)

    def _check(self, what: str) -> None:
        if what in self._mute:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    made = Driver()
    monkeypatch.setitem(sys.modules, "pynvml", made)  # type: ignore[arg-type]
    return made


def test_the_gpu_is_found_by_its_uuid_and_only_our_processes_count(driver: Driver) -> None:
    probe = open_gpu(UUID)
    assert probe is not None
    assert probe.driver == "580.65"
    assert probe.read({11, 12, 13}) == GpuReading(0.37, 9_000, 30_000, 150_000, 0.91)
    probe.read({11})
    assert driver.asked_since == [0, 599]  # what was read already is not read again
    probe.close()
    assert driver.open == 0


def test_another_uuid_is_no_gpu_and_leaves_nothing_open(driver: Driver) -> None:
    assert open_gpu("somewhere-else") is None
    assert driver.open == 0


def test_what_the_driver_does_not_tell_is_left_open() -> None:
    told = GpuProbe(Driver(mute=("processes", "utilization")), 1).read({11})
    assert told == GpuReading(0.91, None, 30_000, 150_000, 0.91)
    assert GpuProbe(Driver(mute=("memory", "processes", "utilization", "rates")), 1).read({11}) == GpuReading(
        None, None, None, None
    )
    assert GpuProbe(Driver(), 1).read({4711}) == GpuReading(0.91, None, 30_000, 150_000, 0.91)  # a container's own ids


def test_the_meter_reads_once_it_is_started_and_lets_go(driver: Driver) -> None:
    meter = GpuMeter(UUID)
    assert meter.latest is None
    meter.start()
    while meter.latest is None:
        pass
    meter.stop()
    assert meter.latest.total_bytes == 150_000
    assert driver.open == 0


def test_without_a_driver_nothing_is_known() -> None:
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        pass
    else:
        pynvml.nvmlShutdown()
        pytest.skip("there is a driver here")
    assert open_gpu(UUID) is None
    meter = GpuMeter(UUID)
    meter.start()
    meter.stop()
    assert meter.latest is None
    GpuMeter(UUID).stop()


def test_the_engine_in_its_own_process_is_ours() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= own_processes()
        child.communicate(b"\n")
