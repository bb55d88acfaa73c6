"""A real sound server with a sink whose sound is recorded: PulseAudio, reached through ALSA as on most desktops."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest

RATE = 16_000
SINK = "module-null-sink sink_name=probe rate=48000 norewinds=1"  # with rewinds PortAudio stalls in blocks of 2 s
ASOUND = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


class SoundServer:
    """Starts, dies and starts again; every sample that reached the sink is kept with its time.

    Attributes:
        environment: what a program needs to find it. own_environment: that, with all else.
    """

    def __init__(self, home: Path) -> None:
        missing = [name for name in ("pulseaudio", "parec") if shutil.which(name) is None]
        if missing:
            pytest.skip(f"needs {', '.join(missing)} (Debian: pulseaudio pulseaudio-utils libasound2-plugins)")
        home.mkdir(parents=True, exist_ok=True)
        (home / ".asoundrc").write_text(ASOUND)
        self.environment = {"HOME": str(home), "PULSE_RUNTIME_PATH": str(home / "pulse")}
        self.own_environment = {**os.environ, **self.environment}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._reader: threading.Thread | None = None
        self._blocks: list[tuple[float, np.ndarray]] = []

    def start(self) -> None:
        """Returns when sound can be heard."""
        server = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "-L", "module-native-protocol-unix"]
        self._processes = [subprocess.Popen([*server, "-L", SINK], env=self.own_environment, stderr=subprocess.DEVNULL)]
        end = time.monotonic() + 15
        while subprocess.run(["pactl", "info"], env=self.own_environment, capture_output=True, check=False).returncode:
            assert time.monotonic() < end, "PulseAudio did not start"
            time.sleep(0.05)
        record = ["parec", "-d", "probe.monitor", "--rate", str(RATE), "--channels", "1", "--format", "s16le"]
        parec = subprocess.Popen([*record, "--latency-msec=10"], env=self.own_environment, stdout=subprocess.PIPE)
        self._processes.append(parec)
        self._reader = threading.Thread(target=self._listen, args=[parec])
        self._reader.start()
        while not self._blocks:
            assert time.monotonic() < end, "nothing is recorded"
            time.sleep(0.02)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait(10)
        if self._reader is not None:
            self._reader.join()
        for process in self._processes:
            if process.stdout is not None:
                process.stdout.close()
        self._processes = []

    def heard_since(self, moment: float) -> float | None:
        """The monotonic second of the first sound at or after that one."""
        for at, samples in list(self._blocks):
            loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 300)
            if len(loud) and (heard := at - (len(samples) - loud[0]) / RATE) >= moment:
                return heard
        return None

    def seconds_heard(self, since: float) -> float:
        """How much of the time since then had sound, in steps of a recorded block."""
        return sum(
            len(s) / RATE for at, s in list(self._blocks) if at >= since and np.abs(s.astype(np.int32)).max() > 300
        )

    def _listen(self, parec: subprocess.Popen[bytes]) -> None:
        assert parec.stdout is not None
        while data := parec.stdout.read1(4096):  # type: ignore[attr-defined]
            self._blocks.append((time.monotonic(), np.frombuffer(data[: len(data) // 2 * 2], np.int16)))
