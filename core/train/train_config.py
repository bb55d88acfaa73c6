"""How a training run goes: its numbers, and the learning rate over its budget."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One run. Either `steps` or `minutes` is the budget; the schedule ends when the budget does.

    Attributes:
        minutes: training time, start-up and compiling left out, summed over resumed parts.
        leave_after_minutes: wall time after which this part saves and stops, the schedule unfinished; 0: never.
        batch: chunks a step. rounds: one-second rounds in a chunk.
        workers: processes that make chunks; 0 makes them in this one.
        warmup: steps until the peak learning rate.
        silence_weight: weight of ` ...` in a silent round; a word weighs 1.
        naming_weight: weight of a digit, of a name that only the picture tells, and of a colour or another name that no
            earlier line has to copy it from.
        earlier_digit_weight: weight of a digit in a line said before the chunk.
        close_weight: weight of what follows by rule: `<|im_end|>`.
        recall_texts: texts of the recall task a step, beside the chunks; 0: none.
        ema: decay of the averaged weights, which are what is exported.
    """

    steps: int = 0
    minutes: float = 0.0
    leave_after_minutes: float = 0.0
    batch: int = 48
    rounds: int = 24
    workers: int = 14
    device: str = "cuda"
    compile: bool = True
    seed: int = 0
    peak: float = 1.2e-3
    warmup: int = 150
    weight_decay: float = 0.05
    clip: float = 1.0
    silence_weight: float = 0.5
    naming_weight: float = 6.0
    earlier_digit_weight: float = 1.0
    close_weight: float = 0.1
    recall_texts: int = 64
    ema: float = 0.998
    log_every: int = 100
    save_every_s: float = 60.0

    def progress(self, step: int, trained_s: float) -> float:
        """0 at the start .. 1 when the budget is spent."""
        if self.steps:
            return min(step / self.steps, 1.0)
        return min(trained_s / (60 * self.minutes), 1.0)

    def learning_rate(self, step: int, trained_s: float) -> float:
        """Learning rate: linear warm-up, then a cosine to 0 over the budget."""
        warm = min((step + 1) / self.warmup, 1.0) if self.warmup else 1.0
        return self.peak * warm * 0.5 * (1 + math.cos(math.pi * self.progress(step, trained_s)))

    def decay(self, step: int) -> float:
        """EMA decay; short at first, so that the average does not remember the random start."""
        return min(self.ema, (1 + step) / (10 + step))
