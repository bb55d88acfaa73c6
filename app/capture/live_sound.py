"""What the machine plays, or its microphone hears, as it happens; taken from PulseAudio, or PipeWire in its place."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from app.capture.sound_tap import CHANNELS, SAMPLE_RATE
from core.errors import SourceError

if TYPE_CHECKING:
    import numpy as np

Heard = Literal["desktop", "microphone"]
PULSE_NAMES: dict[Heard, str] = {"desktop": "@DEFAULT_MONITOR@", "microphone": "@DEFAULT_SOURCE@"}
"""As the sound server calls them, whichever they are just now."""
PROGRAM = "parec"
LATENCY_MS = 20
MOST_BYTES = SAMPLE_RATE * CHANNELS * 2 // 10
"""That are read at once: a tenth of a second."""
SET_ANEW_S = 0.06
"""Blocks follow each other without a gap, unless the clocks are so far apart by then."""
MOST_BLOCKS = 2000
"""That wait for a picture; older ones go."""


class LiveSound:
    """A program of the sound server with a thread that reads from it. Taken from in any thread.

    Attributes:
        failure: why nothing is heard any more, "" while it is.
    """

    def __init__(self, heard: Heard) -> None:
        """Returns at once. Raises SourceError where the program is not installed."""
        if shutil.which(PROGRAM) is None:
            raise SourceError("The sound is not recorded", f"that needs {PROGRAM}: apt install pulseaudio-utils")
        self.failure = ""
        form = ["--format=s16le", f"--rate={SAMPLE_RATE}", f"--channels={CHANNELS}", f"--latency-msec={LATENCY_MS}"]
        self._process = subprocess.Popen(
            [PROGRAM, "--raw", f"--device={PULSE_NAMES[heard]}", *form, "--client-name=Courtside"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,  # Ctrl-C is for the stream, which ends the sound when it ends
        )
        self._blocks: deque[tuple[float, np.ndarray]] = deque(maxlen=MOST_BLOCKS)
        self._lock = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="live-sound", daemon=True)
        self._thread.start()

    def take(self) -> tuple[tuple[float, np.ndarray], ...]:
        """What was heard since the last call: each block's monotonic second, and int16 (samples, 2) at 48 kHz."""
        with self._lock:
            blocks = tuple(self._blocks)
            self._blocks.clear()
        return blocks

    def close(self) -> None:
        self._closing = True
        self._process.kill()
        self._thread.join()

    def _run(self) -> None:
        import numpy as np

        assert self._process.stdout is not None
        assert self._process.stderr is not None
        following = 0.0  # where the next block begins if no sample is missing
        rest = b""
        while data := self._process.stdout.read1(MOST_BYTES):  # type: ignore[attr-defined]
            data = rest + data
            whole = len(data) // (2 * CHANNELS) * 2 * CHANNELS
            rest = data[whole:]
            samples = np.frombuffer(data[:whole], np.int16).reshape(-1, CHANNELS)
            begin = time.monotonic() - len(samples) / SAMPLE_RATE
            at = following if abs(begin - following) < SET_ANEW_S else begin
            following = at + len(samples) / SAMPLE_RATE
            with self._lock:
                self._blocks.append((at, samples))
        told = ""
        with suppress(OSError):
            told = self._process.stderr.read().decode("utf-8", "replace").strip()
        self._process.wait()
        self._process.stdout.close()
        self._process.stderr.close()
        if not self._closing:
            self.failure = told.splitlines()[-1] if told else f"{PROGRAM} has ended"
