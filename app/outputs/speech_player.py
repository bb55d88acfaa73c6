"""Sound on its way to a device, in a thread of its own."""

from __future__ import annotations

import ctypes
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.sound_devices import find_device
from core.errors import OutputError
from core.messages import Failure, Message
from core.output_messages import Spoken

if TYPE_CHECKING:
    import numpy as np

    from app.outputs.speech_schedule import Sentence, SpeechSchedule

BLOCK_S = 0.04
"""How much is written at once: as long as it takes to fall silent."""
LATENCY_S = 0.1
"""What the device may have in store: so long may this thread wait for a core without a crackle."""
IDLE_AFTER_S = 0.05
"""The device rests when there was nothing to be said for this long, before it has run dry."""
RETRY_S = 1.0
NO_DEVICE = "The voice has no device"

IGNORE = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(
    lambda file, line, function, code, form: None
)
"""A handler of ALSA's errors; it must live as long as the process."""

log = logging.getLogger(__name__)


def _nobody_else(speaks: bool) -> None:
    """Where other programs stay as loud as they are."""


class SpeechPlayer:
    """Plays what the schedule says, on a device that may go and come back."""

    def __init__(
        self,
        schedule: SpeechSchedule,
        sample_rate: int,
        device: str,
        volume: float,
        emit: Callable[[Message], None],
        on_voice: Callable[[bool], None] = _nobody_else,
    ) -> None:
        """`device`: a part of its name, "" for the system's choice. `volume`: 1.0 is the voice's own.

        `on_voice` hears in the player's thread that something is spoken from now on, or no more; it returns at once.
        Raises OutputError where there is no PortAudio.
        """
        self._sounddevice = _library()
        self._schedule = schedule
        self._sample_rate = sample_rate
        self._device = device
        self._volume = volume
        self._emit = emit
        self._stream: Any = None
        self._silence = threading.Event()
        self._ended = threading.Event()
        self._told = False
        self._on_voice = on_voice
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
        self._thread.start()

    def close(self, patience_s: float) -> None:
        """Lets the sentence under way end, for half of that time; the schedule must be closed."""
        self._ended.set()
        self._thread.join(patience_s / 2)
        self._silence.set()
        self._thread.join(patience_s / 2)

    def _run(self) -> None:
        try:
            while not self._schedule.closed:
                sentence = self._schedule.next(IDLE_AFTER_S if self._playing() else None)
                if sentence is None:
                    self._rest()
                else:
                    self._play(sentence)
        finally:
            self._close_stream()

    def _play(self, sentence: Sentence) -> None:
        """A sentence that finds no device is lost: when there is one again, it is too old."""
        try:
            self._on_voice(True)
            if self._stream is None:
                self._stream = self._opened()
            if not self._stream.active:
                self._stream.start()
            rate = int(self._stream.samplerate)
            samples = adapted(sentence.samples, self._sample_rate, rate, self._volume)
            self._tell_heard(sentence, sentence.samples.tobytes())
            for start in range(0, len(samples), block := int(BLOCK_S * rate)):
                if self._silence.is_set() or sentence.clears != self._schedule.clears:
                    self._stream.abort()
                    self._tell_heard(sentence, b"")
                    break
                self._stream.write(samples[start : start + block])
            self._told = False
        except (self._sounddevice.PortAudioError, OutputError) as error:
            self._lost(error)

    def _tell_heard(self, sentence: Sentence, samples: bytes) -> None:
        """What is heard, once the device has passed on what it has in store; silence is heard at once."""
        at = time.monotonic() + (float(self._stream.latency) if samples else 0.0)
        self._emit(Spoken(sentence.round, at, samples, self._sample_rate))

    def _playing(self) -> bool:
        return self._stream is not None and self._stream.active

    def _rest(self) -> None:
        if self._playing():
            self._stream.stop()
        self._on_voice(False)

    def _opened(self) -> Any:
        """A stream to the device. Raises OutputError or PortAudioError."""
        library = self._sounddevice
        try:
            index = find_device(self._device, library.query_devices(), "outputs")
        except LookupError as error:
            raise OutputError("No such device", str(error.args[0])) from error
        rate = self._sample_rate
        try:
            library.check_output_settings(index, 1, "int16", None, rate)
        except library.PortAudioError:
            rate = int(library.query_devices(index, "output")["default_samplerate"])
        return library.OutputStream(rate, device=index, channels=1, dtype="int16", latency=LATENCY_S)

    def _lost(self, error: Exception) -> None:
        """Says so once, and looks for devices anew: PortAudio only does that when it starts."""
        log.info("sound: %s", error)
        if not self._told:
            self._told = True
            why = error.message if isinstance(error, OutputError) else str(error)
            self._emit(Failure(NO_DEVICE, f"{why}. It goes on when there is one.", fatal=False))
        self._close_stream()
        self._sounddevice._terminate()  # there is no public name for this
        self._ended.wait(RETRY_S)
        self._sounddevice._initialize()

    def _close_stream(self) -> None:
        if self._stream is not None:
            try:
                self._stream.close(ignore_errors=True)
            except self._sounddevice.PortAudioError as error:
                log.info("sound: %s", error)
            self._stream = None


def adapted(samples: np.ndarray, from_rate: int, to_rate: int, volume: float) -> np.ndarray:
    """int16 samples at another rate and volume, as a column."""
    import numpy as np

    if from_rate != to_rate:
        moments = np.arange(int(len(samples) * to_rate / from_rate)) * (from_rate / to_rate)
        samples = np.interp(moments, np.arange(len(samples)), samples)
    return np.clip(samples * volume, -32768, 32767).astype(np.int16).reshape(-1, 1)


def _library() -> Any:
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        fix = "pip install sounddevice; apt install libportaudio2"
        raise OutputError("There is no sound", f"{error}. Install what is missing: {fix}") from error
    _silence_alsa()
    return sounddevice


def _silence_alsa() -> None:
    """ALSA writes what it thinks of a device to stderr, which belongs to us; what matters comes as an error."""
    try:
        set_handler = ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler
    except (OSError, AttributeError):  # another system
        return
    set_handler(IGNORE)
