from __future__ import annotations

import math

import numpy as np
import pytest

from core.data.alignment import Alignment, align
from core.data.media import BIN_S
from core.data.sample import Word
from tests.core.data.speech import speech


def loudness(words: list[Word], seconds: float, above_db: float = 6.0, seed: int = 0) -> np.ndarray:
    """A crowd that grows louder and quieter, and a voice above it."""
    rng = np.random.default_rng(seed)
    bins = round(seconds / BIN_S)
    sound = rng.normal(-40, 3, bins) + 10 * np.sin(np.arange(bins) / 700)
    for word in words:
        sound[int(word.start / BIN_S) : math.ceil(word.end / BIN_S)] += above_db
    return sound


def misplaced(words: list[Word], rate: float, offset_s: float) -> list[Word]:
    """Words whose true place is at rate * time + offset_s."""
    moved = [Word((w.start - offset_s) / rate, (w.end - offset_s) / rate, w.text) for w in words]
    return [word for word in moved if word.start >= 0]


@pytest.mark.parametrize("above_db", [2, 4, 8])
@pytest.mark.parametrize(
    ("rate", "offset_s"), [(1, 0), (1, 3), (1, -20), (25 / 24, 0), (24 / 25, 5), (1.002, 0), (0.9995, 1), (1.001, -2)]
)
def test_words_are_found_in_the_noise(rate: float, offset_s: float, above_db: float) -> None:
    words = speech(900)
    found = align(loudness(words, 900, above_db), misplaced(words, rate, offset_s))
    assert found.windows >= 6
    assert found.rate == pytest.approx(rate, abs=4e-4)
    placed = found.moved(misplaced(words, rate, offset_s))
    assert abs(placed[0].start - words[-len(placed)].start) < 0.4
    assert abs(placed[-1].end - words[-1].end) < 0.4


def test_noise_tells_nothing() -> None:
    assert align(loudness([], 900), speech(900)) == Alignment()
    assert align(loudness(speech(900, seed=1), 900), speech(900, seed=2)).windows <= 1


@pytest.mark.parametrize("sound", [np.zeros(0), np.full(50, -40.0), np.full(9000, -80.0)])
def test_too_little_to_tell(sound: np.ndarray) -> None:
    assert align(sound, speech(900)) == Alignment()
    assert align(loudness(speech(60), 60), speech(60)[:5]) == Alignment()


def test_words_are_never_moved_before_the_start() -> None:
    assert Alignment(offset_s=-3).moved([Word(1, 5, "x")]) == (Word(0, 2, "x"),)
