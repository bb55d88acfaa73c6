"""High dynamic range to what a screen, and a vision encoder, takes: PQ (BT.2100) and HLG to sRGB by tables."""

from __future__ import annotations

from functools import cache

import numpy as np

PQ = 16
HLG = 18
"""Transfer characteristics, as H.273 numbers them."""
WHITE_NITS = 203.0
"""Paper white in HDR (BT.2408)."""
KNEE = 0.9
"""Linear light, in paper whites, from which on highlights are compressed instead of clipped."""
LIGHT_RANGE = 4.0
"""Paper whites that the table of shown values covers; all above is as bright as that."""
STEPS = 4096
TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], dtype=np.float32
)
"""BT.2020 primaries to BT.709 (BT.2087), linear light."""


def is_hdr(transfer: int) -> bool:
    return transfer in (PQ, HLG)


def to_sdr(signal: np.ndarray, transfer: int) -> np.ndarray:
    """Tone map BT.2020 pictures.

    Args:
        signal: uint16 (height, width, 3), R'G'B' over the full range of 65535.
        transfer: PQ or HLG.

    Returns:
        uint8 sRGB (height, width, 3). Paper white becomes about 251; what is brighter goes up to 255.
    """
    linear = _light(transfer)[signal >> 4]
    light = linear @ TO_709.T
    entry = np.clip(light * ((STEPS - 1) / LIGHT_RANGE), 0, STEPS - 1)
    return _shown()[entry.astype(np.int32)]


@cache
def _light(transfer: int) -> np.ndarray:
    """(4096,) float32: linear light of a 12-bit signal, in paper whites."""
    signal = np.arange(STEPS) / (STEPS - 1)
    nits = _pq_nits(signal) if transfer == PQ else _hlg_nits(signal)
    return (nits / WHITE_NITS).astype(np.float32)


def _pq_nits(signal: np.ndarray) -> np.ndarray:
    """The EOTF of SMPTE ST 2084."""
    m1 = 2610 / 16384
    m2 = 2523 / 4096 * 128
    c1 = 3424 / 4096
    c2 = 2413 / 4096 * 32
    c3 = 2392 / 4096 * 32
    root = signal ** (1 / m2)
    return 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)


def _hlg_nits(signal: np.ndarray) -> np.ndarray:
    """The inverse OETF of BT.2100 and its system gamma of 1.2 for a display of 1000 nits, for each colour by itself."""
    a = 0.17883277
    b = 0.28466892
    c = 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return 1000 * scene**1.2


@cache
def _shown() -> np.ndarray:
    """(STEPS,) uint8: the sRGB value of linear light from 0 to LIGHT_RANGE paper whites."""
    light = np.arange(STEPS) * LIGHT_RANGE / (STEPS - 1)
    over = KNEE + (1 - KNEE) * (1 - np.exp(-(light - KNEE) / (1 - KNEE)))
    shown = np.where(light <= KNEE, light, over)
    srgb = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)
    return np.round(np.clip(srgb, 0, 1) * 255).astype(np.uint8)
