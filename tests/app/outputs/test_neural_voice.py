"""Neural voices in the real sherpa-onnx: tiny ones that the test makes, which say a tone."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.outputs.neural_voice import NeuralVoice
from app.outputs.neural_voice_process import phonemes
from app.outputs.voice_folder import read_voice
from core.errors import OutputError, UsageError
from tests.neural_voices import RATE, write_voice
from tests.waiting import until

LINE = "Harbour win the ball."
needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng (Debian: espeak-ng)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_voice(tmp_path_factory.mktemp("voices") / "vits", "vits")


@pytest.fixture
def voice(folder: Path) -> Iterator[NeuralVoice]:
    pytest.importorskip("sherpa_onnx")
    voice = NeuralVoice(folder)
    yield voice
    voice.close()


def pitch(samples: np.ndarray) -> float:
    """The loudest frequency, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64)))
    return float(np.fft.rfftfreq(len(samples), 1 / RATE)[spectrum.argmax()])


def test_a_voice_with_a_lexicon_speaks(voice: NeuralVoice) -> None:
    samples = voice.speak(LINE)
    assert (voice.sample_rate, samples.dtype) == (RATE, np.int16)
    assert len(samples) / RATE > 0.5
    assert pitch(samples) == pytest.approx(440, abs=2)
    assert np.abs(samples).max() == pytest.approx(16_383, abs=400)


@needs_espeak
@pytest.mark.parametrize("kind", ["piper", "kokoro", "kitten"])
def test_the_other_kinds_speak_as_espeak_tells_them(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("sherpa_onnx")
    folder = write_voice(tmp_path / kind, kind)
    assert read_voice(folder).kind == ("vits" if kind == "piper" else kind)
    plain, quick = (NeuralVoice(folder, speaker=1, rate=rate) for rate in (1.0, 2.0))
    try:
        samples = plain.speak(LINE)
        assert pitch(samples) == pytest.approx(440, abs=2)
        assert len(quick.speak(LINE)) == pytest.approx(len(samples) / 2, rel=0.1)
        assert len(plain.speak("...")) == 0
    finally:
        plain.close()
        quick.close()


@needs_espeak
def test_what_is_said_becomes_sounds() -> None:
    assert phonemes("Harbour win, at last!", "en-us") == "hˈɑːɹbɚ wˈɪn, æt lˈæst!"  # noqa: RUF001 so they are written
    assert phonemes("-v fr", "en-us").endswith(".")


def test_the_next_sentence_is_quick(voice: NeuralVoice) -> None:
    voice.speak("Ready.")
    began = time.monotonic()
    voice.speak(LINE)
    print(f"a tone after {time.monotonic() - began:.3f} s")
    assert time.monotonic() - began < 0.3


def test_one_that_is_killed_is_told_in_words(voice: NeuralVoice, folder: Path) -> None:
    voice.speak("Ready.")
    os.kill(voice.pid, signal.SIGKILL)
    with pytest.raises(OutputError, match=f"The neural voice has ended: {folder}"):
        until(lambda: voice.speak(LINE) is None)


def test_a_damaged_model_ends_its_process_and_not_ours(tmp_path: Path) -> None:
    pytest.importorskip("sherpa_onnx")
    folder = write_voice(tmp_path / "voice", "vits")
    model = folder / "model.onnx"
    model.write_bytes(b"\x00" * 64 + model.read_bytes()[64:])
    voice = NeuralVoice(folder)
    try:
        with pytest.raises(OutputError, match="voice"):
            voice.speak(LINE)
    finally:
        voice.close()


def test_what_cannot_be_used_is_told_at_once(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sherpa_onnx")
    with pytest.raises(UsageError, match="speakers 0 to 1, not 2"):
        NeuralVoice(folder, speaker=2)
    bare = write_voice(tmp_path / "piper", "piper")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OutputError, match=r"has no lexicon\.txt; apt install espeak-ng"):
        NeuralVoice(bare)
    monkeypatch.setattr("app.outputs.neural_voice.find_spec", lambda name: None)
    with pytest.raises(OutputError, match=r"pip install .courtside\[voices\]"):
        NeuralVoice(folder)
