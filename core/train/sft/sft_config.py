"""How a fine-tuning run goes: its numbers, and the learning rate over its budget."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

PromptForm = Literal["training", "inference"]


@dataclass(frozen=True, slots=True)
class PromptConfig:
    """How a sample is written as tokens.

    Attributes:
        form: "inference": token for token what the engine writes while it streams; "training": what the published
            training code wrote, which differs (see `core/train/sft/prompt_form.py`).
        sink_tokens, text_window_tokens: what is kept of `previous text`.
        fps: frames a second; a whole number.
        keep_query: write the sample's query into the first round; the published training drops it.
        silence_weight: weight in the loss of the decision to stay silent after a silent round.
        onset_weight: weight of the first token of words after a silent round.
    """

    form: PromptForm = "inference"
    sink_tokens: int = 512
    text_window_tokens: int = 512
    fps: int = 2
    keep_query: bool = False
    silence_weight: float = 1.0
    onset_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PixelBudget:
    """How large frames are; the published defaults. `total` is for all frames of a sample, as published.

    Attributes:
        smallest, largest: pixels of one frame.
        total: pixels of all frames of a sample, two of which share their tokens.
        most_frames: longer samples are left out.
    """

    smallest: int = 100 * 28 * 28
    largest: int = 768 * 28 * 28
    total: int = 24576 * 28 * 28
    most_frames: int = 480

    def of_frame(self, frames: int, temporal: int) -> int:
        """The most pixels of one frame of a sample that has so many, `temporal` of which make one patch."""
        return max(min(self.largest, self.total // frames * temporal), round(self.smallest * 1.05))


@dataclass(frozen=True, slots=True)
class SftConfig:
    """One run. `minutes`, else `steps`, is the budget; neither: one pass over the data.

    Attributes:
        steps: updates. minutes: training time, loading left out, summed over resumed parts.
        batch: samples an update, on all processes together.
        pack_tokens: samples are packed into sequences of up to this many tokens; 0: each by itself.
        warmup: share of the budget until the highest learning rate.
        clip: largest norm of the gradient.
        focal_gamma: exponent of the focal loss on the decision to speak; 0: cross entropy.
        lora_rank: rank of LoRA's adapters; 0: every weight of the decoder learns.
        train_vision: the vision tower learns, too.
        workers: processes that decode; 0: none besides this one.
        checkpointing: activations are computed anew in the backward pass, but for the first `keep_layers` layers.
        save_minutes: a state to resume from is written this often, 0: after every update; None: so often that it takes
            a fiftieth of the time.
        keep_state: a state is left when the run is done, from which a longer one can go on.
    """

    steps: int = 0
    minutes: float = 0.0
    batch: int = 16
    pack_tokens: int = 16384
    learning_rate: float = 1e-5
    warmup: float = 0.03
    weight_decay: float = 0.0
    clip: float = 1.0
    focal_gamma: float = 0.0
    lora_rank: int = 0
    lora_alpha: int = 0
    train_vision: bool = False
    checkpointing: bool = True
    keep_layers: int = 0
    liger: bool = True
    workers: int = 4
    seed: int = 0
    log_every: int = 10
    save_minutes: float | None = None
    keep_state: bool = True

    def progress(self, step: int, trained_s: float, steps: int) -> float:
        """0 at the start .. 1 when the budget (`steps`, where `minutes` is 0) is spent."""
        if self.minutes:
            return min(trained_s / (60 * self.minutes), 1.0)
        return min(step / steps, 1.0)

    def learning_rate_at(self, progress: float, share: float) -> float:
        """Linear warm-up, then a cosine to 0.

        `share`: of the budget that the coming update takes, 0 where that is not known; without it the first update
        would have a rate of 0.
        """
        if progress + share < self.warmup:
            return self.learning_rate * max((progress + share) / self.warmup, 0.01)
        return self.learning_rate * 0.5 * (1 + math.cos(math.pi * max(0.0, progress - self.warmup) / (1 - self.warmup)))
