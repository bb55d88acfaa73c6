"""A sentence in a voice, through the same parts that speak the commentary."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.outputs.speech_player import NO_DEVICE
from core.errors import CourtsideError
from core.messages import Failure, Line, Message
from core.output_messages import Spoken

if TYPE_CHECKING:
    from app.outputs.speech import SpeechOptions

SENTENCE = "Harbour win it back, and they break down the left."
PATIENCE_S = 40.0
"""For the first sound: a large neural voice has to be read."""
DEVICE_S = 3.0
"""For a device to be there after all."""
TAIL_S = 0.4
"""What the device has still got."""


class VoiceSample(QObject):
    """One at a time.

    Signals:
        ended: it was heard, or why not, in words ("" where it was).
    """

    ended = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._cancelled = False
        self._said_s = 0.0  # how long what is heard takes, 0 before it begins
        self._problem = ""
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, options: SpeechOptions) -> None:
        """Does nothing while one is under way."""
        if self.busy:
            return
        self._cancelled = False
        self._said_s = 0.0
        self._problem = ""
        self._thread = threading.Thread(target=self._run, args=(options,), name="voice sample", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Falls silent at once."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self, options: SpeechOptions) -> None:
        try:
            self._speak(options)
        except CourtsideError as error:
            self._problem = error.message
        if not self._cancelled:
            self.ended.emit(self._problem)

    def _speak(self, options: SpeechOptions) -> None:
        from app.outputs.output_kind import StreamRun
        from app.outputs.speech import SpeechOutput
        from core.config import StreamConfig

        run = StreamRun("", "sample", StreamConfig(), self._hear, lambda line: None)
        voice = SpeechOutput(options, run)
        try:
            now = time.monotonic()
            voice.handle(Line(0, 0.0, 1.0, SENTENCE, now, now))
            with self._changed:
                self._changed.wait_for(lambda: self._said_s or self._problem or self._cancelled, PATIENCE_S)
                self._changed.wait_for(lambda: self._said_s or self._cancelled, DEVICE_S)
                self._changed.wait_for(lambda: self._cancelled, self._said_s + TAIL_S if self._said_s else 0.0)
            if not self._said_s and not self._problem:
                self._problem = "nothing was heard"
        finally:
            voice.close()

    def _hear(self, message: Message) -> None:
        """From the voice's threads."""
        with self._changed:
            if isinstance(message, Spoken) and message.samples:
                self._said_s = len(message.samples) / 2 / message.sample_rate
                if self._problem.startswith(NO_DEVICE):  # there is one now
                    self._problem = ""
            elif isinstance(message, Failure):
                self._problem = f"{message.title}: {message.message}"
            self._changed.notify_all()
