"""Speech from a neural voice, made by sherpa-onnx in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.outputs.neural_voice_process import ESPEAK, serve
from app.outputs.voice_folder import read_voice
from core.errors import OutputError, UsageError
from core.parent_process import signals_blocked

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

READY_S = 30.0
"""For a process to start on a busy machine, and a voice of some 300 MB to be read."""
ANSWER_S = 15.0
"""For a sentence; it would be too late by then."""
END_S = 0.5


class NeuralVoice:
    """One voice, to be used by one thread at a time; `close` may come from another.

    Attributes:
        sample_rate: samples a second of all it says. pid: of the process, 0 before there is one.
    """

    def __init__(self, folder: Path, speaker: int = 0, rate: float = 1.0) -> None:
        """Looks at the voice; `begin` reads it.

        `speaker`: which of several. Raises OutputError for what is missing, UsageError for a speaker.
        """
        if find_spec("sherpa_onnx") is None:
            raise OutputError("There is no neural voice", 'install sherpa-onnx: pip install "courtside[voices]"')
        voice = read_voice(folder)
        if not voice.lexicons and shutil.which(ESPEAK) is None:
            raise OutputError("There is no neural voice", f"{folder} has no lexicon.txt; apt install {ESPEAK}")
        if not 0 <= speaker < voice.speakers:
            raise UsageError("No such speaker", f"{folder} has speakers 0 to {voice.speakers - 1}, not {speaker}")
        self.sample_rate = voice.sample_rate
        self.pid = 0
        self._folder = folder
        self._rate = rate
        self._ready = False
        context = multiprocessing.get_context("spawn")
        self._connection, self._child_end = context.Pipe()
        self._process = context.Process(
            target=serve, args=(self._child_end, voice, speaker, os.getpid()), name="courtside-voice", daemon=True
        )

    def begin(self) -> None:
        """Starts the process, which reads the voice, and does not wait for it. It ends with the thread that calls."""
        if self.pid:
            return
        with signals_blocked({signal.SIGINT}):
            self._process.start()
        self.pid = self._process.pid or 0
        self._child_end.close()

    def speak(self, text: str) -> np.ndarray:
        """int16 samples, mono; empty for a text that it cannot pronounce. Raises OutputError when it is gone."""
        import numpy as np

        try:
            self.begin()
            if not self._ready:
                self._await_ready()
            self._connection.send((text, self._rate))
            self._wait(ANSWER_S)
            return np.frombuffer(self._connection.recv_bytes(), np.int16)
        except (EOFError, OSError) as error:
            why = "it is damaged, or of a kind that this sherpa-onnx does not know"
            raise OutputError("The neural voice has ended", f"{self._folder}: {why}") from error

    def close(self) -> None:
        """Ends the process at once."""
        if self.pid:
            self._process.kill()
            self._process.join(END_S)
        self._child_end.close()
        self._connection.close()

    def _await_ready(self) -> None:
        self._wait(READY_S)
        if (why := self._connection.recv()) is not None:
            raise OutputError("The neural voice cannot be used", f"{self._folder}: {why}")
        self._ready = True

    def _wait(self, patience_s: float) -> None:
        if not self._connection.poll(patience_s):
            raise OutputError("The neural voice hangs", f"{self._folder}: nothing came within {patience_s:.0f} s")
