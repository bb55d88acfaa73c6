"""Which voice speaks: flite's, or a neural one with flite behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.outputs.flite_voice import VOICES, FliteVoice
from app.outputs.neural_voice import NeuralVoice
from core.errors import CheckpointError, CourtsideError, OutputError, UsageError
from core.messages import Failure, Message

if TYPE_CHECKING:
    import numpy as np

    from core.model.hub import HubName

DEFAULT = VOICES[0]
Emit = Callable[[Message], None]


class Voice(Protocol):
    """Makes sound of sentences, all in the thread that called `begin`; `close` may come from another.

    Attributes:
        sample_rate: samples a second of all it says.
    """

    sample_rate: int

    def begin(self) -> None: ...

    def speak(self, text: str) -> np.ndarray: ...

    def close(self) -> None: ...


def open_voice(name: str, speaker: int, rate: float, emit: Emit) -> Voice:
    """The voice that `--say` names: flite's, a folder's, or one on the hub.

    Where a neural one cannot be had, flite speaks, and that is told once. Raises UsageError for a name or a speaker
    that there is not, OutputError where flite is missing.
    """
    if name in VOICES:
        return FliteVoice(name, rate)
    place = _place(name)
    try:
        if not isinstance(place, Path):
            folder = _cached(place)
            if folder is None:
                return FetchedVoice(place, rate, emit)
            place = folder
        return SteadyVoice(NeuralVoice(place, speaker, rate), rate, emit)
    except OutputError as error:
        tell(error, emit)
        return FliteVoice(DEFAULT, rate)


class SteadyVoice:
    """A neural voice; when it fails flite goes on, in samples of the same rate."""

    def __init__(self, neural: NeuralVoice, rate: float, emit: Emit) -> None:
        self.sample_rate = neural.sample_rate
        self._neural = neural
        self._rate = rate
        self._emit = emit
        self._flite: FliteVoice | None = None

    @property
    def pid(self) -> int:
        """Of the neural voice's process."""
        return self._neural.pid

    def begin(self) -> None:
        self._neural.begin()

    def speak(self, text: str) -> np.ndarray:
        from app.outputs.speech_player import adapted

        if self._flite is None:
            try:
                return self._neural.speak(text)
            except OutputError as error:
                self._neural.close()
                tell(error, self._emit)
                self._flite = FliteVoice(DEFAULT, self._rate)
        return adapted(self._flite.speak(text), self._flite.sample_rate, self.sample_rate, 1.0)[:, 0]

    def close(self) -> None:
        self._neural.close()


class FetchedVoice(FliteVoice):
    """flite, while a neural voice is fetched from the hub for the next start."""

    def __init__(self, place: HubName, rate: float, emit: Emit) -> None:
        from app.outputs.voice_download import VoiceDownload

        super().__init__(DEFAULT, rate)
        self._download = VoiceDownload(place, emit)

    def close(self) -> None:
        self._download.cancel()


def tell(error: CourtsideError, emit: Emit) -> None:
    """That flite speaks instead, and why."""
    emit(Failure(error.title, f"{error.message.rstrip('.')}. flite's {DEFAULT} speaks instead.", fatal=False))


def _place(name: str) -> Path | HubName:
    """Raises UsageError."""
    from core.model.hub import parse

    try:
        return parse(name)
    except CheckpointError as error:
        known = f"{', '.join(VOICES)}, a folder with a neural voice, and OWNER/NAME on the hub"
        raise UsageError("Unknown voice", f"“{name}” is none of {known}") from error


def _cached(place: HubName) -> Path | None:
    from app.outputs.voice_download import VOICE
    from core.model.hub import cached

    return cached(place, VOICE)
