"""The training loop: frames, vision, decoder, loss; save every minute; export the averaged weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from core.train import checkpoint
from core.train.bundled_config import COLUMNS, ROWS, ModelSize, model_config, raw_config
from core.train.frame_provider import FrameProvider, patches_of
from core.train.init_induction_heads import init_induction_heads
from core.train.master_weights import MasterWeights
from core.train.moved_prefix_attention import PrefixLayout
from core.train.train_config import TrainConfig
from core.train.train_model import TrainModel
from core.train.validation import Validation, ValidationByProgramme

Write = Callable[[str], None]
Batch = Mapping[str, Tensor]
UNTIMED_STEPS = 5  # the first steps of a process compile and warm up; they are not the budget's business


@dataclass
class StepTimer:
    """Where the time of a part goes, seconds."""

    trained_s: float = 0.0
    waited_s: float = 0.0
    started: float = field(default_factory=time.perf_counter)

    def wall_s(self) -> float:
        return time.perf_counter() - self.started


class AuxiliaryTask(Protocol):
    """Something learnt beside the samples."""

    def loss(self, model: TrainModel) -> Tensor | None:
        """To be added to a step's loss, (); None for nothing."""
        ...

    def measure(self, model: TrainModel) -> dict[str, float]:
        """Shares in 0..1 for the log."""
        ...


class Trainer:
    """One run, or a part of one.

    Attributes:
        step: updates made since the run began, resumed parts included.
    """

    def __init__(
        self,
        config: TrainConfig,
        shape: ModelSize,
        tokenizer: Tokenizer,
        provider: FrameProvider,
        validation: Validation | ValidationByProgramme,
        log: Write,
        auxiliary: AuxiliaryTask | None = None,
        weights: Mapping[str, Tensor] | None = None,
    ) -> None:
        """`weights`: what to start from, by the names of the model's parameters; None starts at random."""
        self.config = config
        self.tokenizer = tokenizer
        self.provider = provider
        self.validation = validation
        self._log = log
        self.auxiliary = auxiliary
        self.raw = raw_config(shape, tokenizer)
        self.model_config = model_config(shape, tokenizer)
        self.device = torch.device(config.device)
        self.dtype = torch.bfloat16 if self.device.type == "cuda" else torch.float32
        self.model = TrainModel(self.model_config, config.seed)
        if weights is not None:
            self.model.load_state_dict(weights)
        self.model.to(self.device)
        self.master = MasterWeights(self.model, config.weight_decay, config.clip)
        self.model.to(self.dtype)
        if config.compile:
            self.model.compile_forward(ROWS, COLUMNS)
        self.step = 0
        self.clock = StepTimer()
        self._pending: torch.cuda.Event | None = None

    def run(self, batches: Iterator[Batch], out: Path, state: Path) -> dict[str, Any]:
        """Train until the budget is spent (or this part's time is), then export to `out`. Returns the last figures."""
        figures: dict[str, Any] = {}
        saved = time.perf_counter()
        begun = self.step
        mark = self._mark()
        try:
            while not self._finished():
                before = time.perf_counter()
                batch = self._next(batches)
                loss = self._train_step(batch)
                self._limit_queue_depth()
                if self.step - begun > UNTIMED_STEPS:
                    self.clock.trained_s += time.perf_counter() - before
                else:
                    mark = self._mark()
                if self.step % self.config.log_every == 0 or self._finished():
                    figures = self._report(loss, mark)
                    mark = self._mark()
                if time.perf_counter() - saved > self.config.save_every_s:
                    self.save(out, state)
                    saved = time.perf_counter()
        except KeyboardInterrupt:
            self._log(f"interrupted at step {self.step}; saving")
        self.save(out, state)
        return figures

    def _finished(self) -> bool:
        left = self.config.leave_after_minutes * 60
        done = self.config.progress(self.step, self.clock.trained_s) >= 1
        return done or bool(left and self.clock.wall_s() >= left)

    def _mark(self) -> tuple[int, float, float]:
        return self.step, self.clock.trained_s, self.clock.waited_s

    def _next(self, batches: Iterator[Batch]) -> Batch:
        before = time.perf_counter()
        batch = next(batches)
        self.clock.waited_s += time.perf_counter() - before
        return self.to_device(batch)

    def _train_step(self, batch: Batch) -> Tensor:
        """One update. Returns the loss, ()."""
        learning_rate = self.config.learning_rate(self.step, self.clock.trained_s)
        hidden = self.model.hidden_states(self.input_embeds(batch), PrefixLayout.of(batch))
        loss = weighted_loss(self.model, batch, hidden)
        if self.auxiliary and (more := self.auxiliary.loss(self.model)) is not None:
            loss = loss + more
        loss.backward()
        self.master.step(learning_rate, self.config.decay(self.step))
        self.step += 1
        return loss.detach()

    def input_embeds(self, batch: Batch, uncompiled: bool = False) -> Tensor:
        """What the decoder reads (chunks, prefix + chunk, hidden), pictures made and seen."""
        with torch.no_grad():
            patches = patches_of(self.provider.frames(batch)).to(self.dtype)
        grid = (len(patches) // (ROWS * COLUMNS), ROWS, COLUMNS)
        return self.model.input_embeds(patches, grid, batch["ids"].long(), batch["visual"].long(), uncompiled)

    def to_device(self, batch: Batch) -> dict[str, Tensor]:
        """The batch where the model is."""
        return {name: t.to(self.device, non_blocking=True) for name, t in batch.items()}

    def _limit_queue_depth(self) -> None:
        """Let the device be at most one step behind, so that the times measured here are real."""
        if self.device.type != "cuda":
            return
        if self._pending is not None:
            self._pending.synchronize()
        self._pending = torch.cuda.Event()
        self._pending.record()

    def _report(self, loss: Tensor, mark: tuple[int, float, float]) -> dict[str, Any]:
        steps = self.step - mark[0]
        seconds = self.clock.trained_s - mark[1]
        figures: dict[str, Any] = {"step": self.step, "loss": round(float(loss), 4)}
        shares = self.validation.measure(self) | (self.auxiliary.measure(self.model) if self.auxiliary else {})
        figures |= {name: round(share, 4) for name, share in shares.items()}
        figures["steps_per_s"] = round(steps / seconds, 2) if seconds else 0.0
        figures["data_wait"] = round((self.clock.waited_s - mark[2]) / seconds, 3) if seconds else 0.0
        figures["trained_min"] = round(self.clock.trained_s / 60, 2)
        self._log(" ".join(f"{name}={value}" for name, value in figures.items()))
        return figures

    def init_induction_heads(self, names: Sequence[int]) -> None:
        """Write induction heads for tokens, names, into the weights; the optimiser starts afresh."""
        self.model.float().cpu()
        init_induction_heads(self.model, names)
        self.model.to(self.device)
        self.master = MasterWeights(self.model, self.config.weight_decay, self.config.clip)
        self.model.to(self.dtype)

    def where_time_went(self) -> str:
        """Seconds of this part, and the most memory the device gave, for a person."""
        peak = torch.cuda.max_memory_allocated() / 2**30 if self.device.type == "cuda" else 0.0
        return (
            f"{self.clock.wall_s():.0f} s in all, {self.clock.waited_s:.1f} s waiting for data, {peak:.1f} GiB at most"
        )

    def save(self, out: Path, state: Path) -> None:
        """The state to go on from, and the checkpoint as it would be shipped now."""
        progress = {"step": self.step, "trained_s": self.clock.trained_s, "tokenizer": self.tokenizer.to_str()}
        checkpoint.save_state(state, progress | {"master": self.master.state()})
        checkpoint.export(out, self.master.averaged(), self.raw, self.model_config, self.tokenizer)

    def resume(self, saved: dict[str, Any]) -> None:
        """Go on where the run that saved this state stopped."""
        self.master.load(saved["master"])
        self.step = saved["step"]
        self.clock.trained_s = saved["trained_s"]


def weighted_loss(model: TrainModel, batch: Batch, hidden: Tensor) -> Tensor:
    """Mean cross-entropy of the answer tokens by weight.

    `answer_at` are flat places of the tokens in front of the answers', `answer_ids` what should follow there.
    """
    logits = model.logits(hidden.flatten(0, 1)[batch["answer_at"].long()])
    losses = F.cross_entropy(logits, batch["answer_ids"].long(), reduction="none")
    weight = batch["answer_weight"].float()
    return (losses * weight).sum() / weight.sum()
