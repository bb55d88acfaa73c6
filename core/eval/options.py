"""Values of options that several benchmarks have."""

from __future__ import annotations

import argparse

from core.programmes.programme import HELD_OUT_SEED


def held_out_seeds(text: str) -> tuple[int, int]:
    """A-B, or A alone, as (A, B): seeds that nothing was trained on. Raises ArgumentTypeError."""
    first, _, last = text.partition("-")
    try:
        span = int(first), int(last or first)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not A-B") from None
    if span[0] < HELD_OUT_SEED or span[1] < span[0]:
        raise argparse.ArgumentTypeError(f"{text}: seeds below {HELD_OUT_SEED} were trained on; give A-B from there on")
    return span
