"""Whether words lie where somebody speaks: the loudness of the sound against the times of the words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.media import BIN_S
from core.data.sample import Word

RATES = (1.0, 24 / 25, 25 / 24, 23.976 / 24, 24 / 23.976, 23.976 / 25, 25 / 23.976)
"""Words made for a copy at another frame rate are stretched by one of these."""
FARTHEST_S = 60.0
"""Words of the whole recording are looked for this far off."""
WINDOW_S = 120.0
WINDOW_FARTHEST_S = 10.0
BACKGROUND_S = 30.0
"""Loudness is taken against its mean over this time: crowds grow louder and quieter."""
SURE = 0.3
"""Correlation from which a place counts as found ..."""
CLEAR = 0.08
"""... when it is this much above every other place at least `NEAR_S` away."""
NEAR_S = 1.5
RATE_GAIN = 0.1
"""How much better another rate must fit than the words as they are."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the words are said: at `rate * time + offset_s`, as far as the sound tells.

    Attributes:
        rate: 1 when the words run at the speed of the sound.
        offset_s: seconds by which they come too early (they are said later); negative: too late.
        stretched: the entry of RATES that fits.
        windows: stretches of two minutes in which the place was found; 0: the sound does not tell.
        off_start_s, off_end_s: seconds by which the words are off at the first and the last of them.
    """

    rate: float = 1.0
    offset_s: float = 0.0
    stretched: float = 1.0
    windows: int = 0
    off_start_s: float = 0.0
    off_end_s: float = 0.0

    def moved(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The words where they are said; never before 0."""
        return tuple(Word(self._at(word.start), self._at(word.end), word.text) for word in words)

    def _at(self, seconds: float) -> float:
        return max(0.0, self.rate * seconds + self.offset_s)


def align(loudness: np.ndarray, words: Sequence[Word]) -> Alignment:
    """Find where the words lie in the sound.

    Args:
        loudness: dB, (bins of 0.1 s,).
    """
    if loudness.size < 10 / BIN_S or len(words) < 20:
        return Alignment()
    sound = _contrast(loudness)
    stretched, lag = _whole(sound, words)
    found = _by_window(sound, words, stretched, lag)
    if not found:
        return Alignment()
    slope, offset = _line(found)
    rate = stretched + slope
    first = words[0].start
    last = words[-1].end
    return Alignment(
        rate=rate,
        offset_s=offset,
        stretched=stretched,
        windows=len(found),
        off_start_s=(rate - 1) * first + offset,
        off_end_s=(rate - 1) * last + offset,
    )


def _contrast(loudness: np.ndarray) -> np.ndarray:
    """Loudness above its surroundings, in dB from -10 to 10."""
    width = min(round(BACKGROUND_S / BIN_S), loudness.size)
    padded = np.pad(loudness, (width // 2, width - 1 - width // 2), mode="reflect" if loudness.size > width else "edge")
    sums = np.cumsum(np.concatenate([[0.0], padded]))
    return np.clip(loudness - (sums[width:] - sums[:-width]) / width, -10, 10)


def _mask(words: Sequence[Word], rate: float, lag: float, bins: int) -> np.ndarray:
    """1 where a word is said, (bins,)."""
    mask = np.zeros(bins)
    for word in words:
        begin = math.floor((rate * word.start + lag) / BIN_S)
        end = math.ceil((rate * word.end + lag) / BIN_S)
        mask[max(begin, 0) : max(end, 0)] = 1
    return mask


def _whole(sound: np.ndarray, words: Sequence[Word]) -> tuple[float, float]:
    """The rate that fits best over the whole recording and the seconds by which the words are then off."""
    fits = {rate: _best_lag(sound, _mask(words, rate, 0, sound.size), FARTHEST_S) for rate in RATES}
    best = max(RATES, key=lambda rate: fits[rate][1])
    if fits[best][1] < fits[1.0][1] + RATE_GAIN:
        best = 1.0
    lag, fit, second = fits[best]
    return best, lag if fit >= SURE / 2 and fit - second >= CLEAR / 2 else 0.0


def _best_lag(sound: np.ndarray, mask: np.ndarray, farthest_s: float) -> tuple[float, float, float]:
    """(seconds to move the mask by, correlation there, best correlation at another place)."""
    size = 1 << (2 * sound.size - 1).bit_length()
    a = sound - sound.mean()
    b = mask - mask.mean()
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    if norm == 0:
        return 0.0, 0.0, 0.0
    product = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size) / norm
    most = min(round(farthest_s / BIN_S), sound.size - 1)
    lags = np.arange(-most, most + 1)
    values = product[lags]
    best = int(values.argmax())
    elsewhere = values[np.abs(lags - lags[best]) > NEAR_S / BIN_S]
    return float(lags[best] * BIN_S), float(values[best]), float(elsewhere.max()) if elsewhere.size else 0.0


def _by_window(sound: np.ndarray, words: Sequence[Word], rate: float, lag: float) -> list[tuple[float, float]]:
    """(seconds on the words' clock, seconds off beyond `rate * time`) for every window in which the place is clear."""
    mask = _mask(words, rate, lag, sound.size)
    width = min(round(WINDOW_S / BIN_S), sound.size)
    found = []
    for begin in range(0, sound.size - width + 1, max(width // 2, 1)):
        part = slice(begin, begin + width)
        if not 0.03 < mask[part].mean() < 0.97:
            continue
        more, fit, second = _best_lag(sound[part], mask[part], WINDOW_FARTHEST_S)
        if fit >= SURE and fit - second >= CLEAR:
            middle = (begin + width / 2) * BIN_S
            found.append(((middle - lag) / rate, lag + more))
    return found


def _line(found: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and offset through the middle of the points (Theil and Sen): single wrong windows do not matter."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for k, a in enumerate(found) for b in found[k + 1 :] if b[0] > a[0]]
    slope = float(np.median(slopes)) if len(found) >= 3 else 0.0
    return slope, float(np.median([off - slope * at for at, off in found]))
