"""A neural voice on its way from the hub, beside a stream that does not wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.outputs.voice_folder import lack_of_voice
from core.errors import CourtsideError
from core.messages import Failure, Loading, Message
from core.model.hub import Contents, HubName, fetch

VOICE = Contents(
    ("*.onnx", "*.onnx.json", "tokens.txt", "voices.bin", "lexicon*.txt"), ("*.onnx", "tokens.txt"), lack_of_voice
)


class VoiceDownload:
    """A thread that fetches a voice whole, or goes on from there another time."""

    def __init__(self, place: HubName, emit: Callable[[Message], None]) -> None:
        self._place = place
        self._emit = emit
        self._told = False
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """What was fetched stays."""
        self._cancelled.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            fetch(self._place, self._begins, self._cancelled, VOICE)
        except CourtsideError as error:
            if not self._cancelled.is_set():
                self._emit(Failure(error.title, error.message, fatal=False))
            return
        self._tell("The voice is here", f"{self._place} speaks from the next start on.")

    def _begins(self, loading: Loading) -> None:
        if not self._told:
            self._told = True
            size = f"{loading.total_bytes / 1e6:.0f} MB"
            self._tell("The voice is being fetched", f"{self._place}, {size}; flite speaks meanwhile.")

    def _tell(self, title: str, message: str) -> None:
        self._emit(Failure(title, message, fatal=False))
