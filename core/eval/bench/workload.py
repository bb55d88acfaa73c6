"""How much is measured: in full, or just enough to see that every line runs."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Workload:
    """Numbers of rounds, frames and rates.

    Attributes:
        copied_bytes, matrix_side: of the copy and of the matrix product that tell what the machine can do.
        loop_frames, ping_pong_frames: frames held in memory, of `LoopedFrames` and of `PingPongFrames`.
        steady, sweep_rounds: rounds measured once every window is full; in the sweep, where a median is enough.
        fps_steps, dropping_fps_steps: frames a second to try, in order, until the machine cannot keep up; the second
            with repeats dropped.
        growing_rounds: rounds of mode "full" beyond where the other modes stop growing.
        sweep_fps: frames a second of the baselines. long_window_s: the vision window with which the most is cached.
        transformers_rounds: of transformers' loop. agreement_rounds: of the fast runner against the reference.
        endurance_loop_s: seconds of pictures that an endurance run goes round in. quick: only to see that it runs.
    """

    copied_bytes: int
    matrix_side: int
    loop_frames: int
    ping_pong_frames: int
    steady: int
    sweep_rounds: int
    growing_rounds: int
    fps_steps: tuple[int, ...]
    dropping_fps_steps: tuple[int, ...]
    sweep_fps: tuple[int, ...]
    long_window_s: float
    transformers_rounds: int
    agreement_rounds: int
    endurance_loop_s: int
    quick: bool = False


FPS_STEPS = (8, 12, 16, 20, 24, 28, 32)
DROPPING_FPS_STEPS = (24, 60)
GPU = Workload(4 << 30, 8192, 64, 480, 24, 4, 20, FPS_STEPS, DROPPING_FPS_STEPS, (1, 2, 4, 8, 16, 24), 20.0, 6, 60, 120)
CPU = Workload(
    256 << 20, 1024, 240, 480, 60, 5, 40, FPS_STEPS, DROPPING_FPS_STEPS, (1, 2, 4, 8, 16, 24), 20.0, 20, 60, 120
)
QUICK = Workload(1 << 20, 64, 8, 16, 3, 2, 4, (2, 4), (2, 4), (2,), 4.0, 2, 3, 4, quick=True)
LONG_ROUNDS = 60


def workload_for(cuda: bool, quick: bool, long: bool) -> Workload:
    """The workload for a device; `long`: a minute of every steady state."""
    if quick:
        return QUICK
    workload = GPU if cuda else CPU
    return replace(workload, steady=LONG_ROUNDS) if long else workload
