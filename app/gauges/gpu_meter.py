"""Reads a GPU once a second in a thread of its own: the driver may take its time."""

from __future__ import annotations

import threading

from app.gauges.gpu_probe import GpuReading, open_gpu

EVERY_S = 1.0


class GpuMeter:
    """The newest reading of the GPU that a stream runs on, for this process and its children.

    Attributes:
        latest: None while nothing is known, and where NVIDIA's driver is not there.
    """

    def __init__(self, uuid: str) -> None:
        self.latest: GpuReading | None = None
        self._uuid = uuid
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gpu-meter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and waits for it."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        probe = open_gpu(self._uuid)
        if probe is None:
            return
        try:
            while not self._stopped.wait(0 if self.latest is None else EVERY_S):
                self.latest = probe.read(own_processes())
        finally:
            probe.close()


def own_processes() -> set[int]:
    """This process and all that it has started, the engine's among them."""
    import psutil

    process = psutil.Process()
    return {process.pid, *(child.pid for child in process.children(recursive=True))}
