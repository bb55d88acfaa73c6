"""How much is measured: in full, or just enough to see that every line runs."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Amounts:
    """Numbers of things.

    Attributes:
        copied_bytes, side: of the copy and of the matrix product that tell what the machine can do.
        loop_frames, film_frames: pictures held in memory, of the loop and of the film.
        steady, steady_sweep: rounds measured once every window is full; in the sweep, where a median is enough.
        ladder, dropping_ladder: frames a second to try, in order, until the machine cannot keep up; the second with
            repeats dropped.
        growing: rounds of mode "full" beyond where the other modes stop growing.
        sweep_fps: frames a second of the baselines. long_window_s: the vision window with which the most is cached.
        peer_rounds: of transformers' loop. twin_rounds: of the fast ways against the plain ones.
        endured_s: seconds of pictures that an endurance run goes round in. quick: only to see that it runs.
    """

    copied_bytes: int
    side: int
    loop_frames: int
    film_frames: int
    steady: int
    steady_sweep: int
    growing: int
    ladder: tuple[int, ...]
    dropping_ladder: tuple[int, ...]
    sweep_fps: tuple[int, ...]
    long_window_s: float
    peer_rounds: int
    twin_rounds: int
    endured_s: int
    quick: bool = False


QUALITY_LEVELS = (8, 12, 16, 20, 24, 28, 32)
DROPPING = (24, 60)
GPU = Amounts(4 << 30, 8192, 64, 480, 24, 4, 20, QUALITY_LEVELS, DROPPING, (1, 2, 4, 8, 16, 24), 20.0, 6, 60, 120)
CPU = Amounts(256 << 20, 1024, 240, 480, 60, 5, 40, QUALITY_LEVELS, DROPPING, (1, 2, 4, 8, 16, 24), 20.0, 20, 60, 120)
QUICK = Amounts(1 << 20, 64, 8, 16, 3, 2, 4, (2, 4), (2, 4), (2,), 4.0, 2, 3, 4, quick=True)
LONG_ROUNDS = 60


def chosen(cuda: bool, quick: bool, long: bool) -> Amounts:
    """The amounts for a device; `long`: a minute of every steady state."""
    if quick:
        return QUICK
    amounts = GPU if cuda else CPU
    return replace(amounts, steady=LONG_ROUNDS) if long else amounts
