"""Speech from flite, a small synthesiser that needs no model and no network (Debian: libflite1)."""

from __future__ import annotations

import ctypes
import unicodedata
from typing import TYPE_CHECKING, Any

from core.errors import OutputError, UsageError

if TYPE_CHECKING:
    import numpy as np

VOICES = ("slt", "rms", "awb", "kal16")
"""A woman and three men; all speak US English but awb, who is Scottish."""
AUDIBLE = 300  # of 32767
BEFORE_SOUND_S = 0.01


class Wave(ctypes.Structure):
    """flite's `cst_wave`."""

    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class Voice(ctypes.Structure):
    """The beginning of flite's `cst_voice`."""

    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


class FliteVoice:
    """One voice, to be used by one thread at a time.

    Attributes:
        sample_rate: samples a second of all it says.
    """

    sample_rate = 16_000

    def __init__(self, name: str, rate: float = 1.0) -> None:
        """`rate`: 2.0 speaks twice as fast. Raises OutputError where flite is not installed, UsageError for a name."""
        if name not in VOICES:
            raise UsageError("Unknown voice", f"“{name}” is none of {', '.join(VOICES)}")
        self._flite = _library()
        register = getattr(_load(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
        register.restype = ctypes.POINTER(Voice)
        register.argtypes = [ctypes.c_char_p]
        self._voice = register(None)
        self._stretch = 1.0 / rate

    def speak(self, text: str) -> np.ndarray:
        """int16 samples, mono, without the silence in front; empty for a text that has no letter it knows."""
        import numpy as np

        features = self._voice.contents.features  # those of all that have this voice
        self._flite.feat_set_float(features, b"duration_stretch", self._stretch)
        wave = self._flite.flite_text_to_wave(plain(text), self._voice)
        try:
            samples = np.ctypeslib.as_array(wave.contents.samples, (wave.contents.num_samples,)).copy()
        finally:
            self._flite.delete_wave(wave)
        heard = np.flatnonzero(np.abs(samples) > AUDIBLE)
        if not len(heard):
            return samples[:0]
        return samples[max(0, heard[0] - int(BEFORE_SOUND_S * self.sample_rate)) :]

    def begin(self) -> None:
        """It is there already."""

    def close(self) -> None:
        """There is nothing to let go of."""


def plain(text: str) -> bytes:
    """ASCII, which is all that flite reads; letters lose their accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore")


def _library() -> Any:
    flite = _load("libflite.so.1")
    flite.flite_text_to_wave.restype = ctypes.POINTER(Wave)
    flite.flite_text_to_wave.argtypes = [ctypes.c_char_p, ctypes.POINTER(Voice)]
    flite.delete_wave.argtypes = [ctypes.POINTER(Wave)]
    flite.feat_set_float.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float]
    flite.flite_init()
    return flite


def _load(name: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise OutputError("There is no voice", f"{error}. Install flite: apt install libflite1") from error
