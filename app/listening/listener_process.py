"""The process that hears a spoken question: microphone and recogniser, with nothing of the window's time.

It sends `Trouble` or READY once. A `Begin` is answered by OPEN when the microphone is open, or by `Trouble`; END closes
it, and what was understood is the answer. The recogniser is PocketSphinx with the English model in its package.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.sound_devices import find_device
from core.parent_process import end_with_parent

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np

RATE = 16_000
BLOCK_S = 0.05
LONGEST_S = 20.0
"""Of a question; the microphone is closed then, and the rest is not heard."""
READY = "ready"
OPEN = "open"
END = "end"


@dataclass(frozen=True, slots=True)
class Begin:
    """Open the microphone. `device`: a part of its name, "" for the system's. `after_s`: what speaks falls silent."""

    device: str
    after_s: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing can be heard."""

    why: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood, "" where nothing was. `seconds`: how long the microphone was open."""

    text: str
    seconds: float


def serve(connection: Connection, parent: int) -> None:
    """The process: until the other side hangs up."""
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # PortAudio and ALSA tell of devices that nobody asked for
    with suppress(OSError, EOFError):
        try:
            import sounddevice
            from pocketsphinx import Decoder

            decoder = Decoder(samprate=RATE)
        except (ImportError, OSError, RuntimeError) as error:
            connection.send(Trouble(str(error)))
            return
        connection.send(READY)
        while True:
            connection.send(_question(connection, connection.recv(), decoder, sounddevice))


def _question(connection: Connection, begin: Begin, decoder: Any, library: Any) -> Heard | Trouble:
    """From `Begin` to END."""
    time.sleep(begin.after_s)
    try:
        rate, stream = _microphone(begin.device, library)
        with stream:
            connection.send(OPEN)
            blocks = _recorded(connection, stream, int(BLOCK_S * rate))
    except (library.PortAudioError, LookupError) as error:
        return Trouble(str(error))
    if not connection.poll() and len(blocks) * BLOCK_S >= LONGEST_S:
        while connection.recv() != END:
            pass
    return Heard(_understood(b"".join(blocks), rate, decoder), len(blocks) * BLOCK_S)


def _recorded(connection: Connection, stream: Any, frames: int) -> list[bytes]:
    """Blocks of sound until END, or LONGEST_S."""
    blocks: list[bytes] = []
    while len(blocks) * BLOCK_S < LONGEST_S:
        if connection.poll():
            connection.recv()
            break
        block, _ = stream.read(frames)
        blocks.append(bytes(block))
    return blocks


def _microphone(device: str, library: Any) -> tuple[int, Any]:
    """Its rate and a stream of int16. Raises PortAudioError, or LookupError for a name."""
    index = find_device(device, library.query_devices(), "microphones")
    rate = RATE
    try:
        library.check_input_settings(index, 1, "int16", None, rate)
    except library.PortAudioError:
        rate = int(library.query_devices(index, "input")["default_samplerate"])
    return rate, library.RawInputStream(rate, device=index, channels=1, dtype="int16")


def _understood(sound: bytes, rate: int, decoder: Any) -> str:
    import numpy as np

    samples = at_rate(np.frombuffer(sound, np.int16), rate)
    if not len(samples):
        return ""
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), no_search=False, full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return str(found.hypstr).strip() if found is not None else ""


def at_rate(samples: np.ndarray, rate: int) -> np.ndarray:
    """int16 samples at the recogniser's rate."""
    import numpy as np

    if rate == RATE:
        return samples
    moments = np.arange(int(len(samples) * RATE / rate)) * (rate / RATE)
    return np.interp(moments, np.arange(len(samples)), samples).astype(np.int16)
