"""What the sections of one run share: each thing is built and measured once."""

from __future__ import annotations

import gc
import os
import sys
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import Any

import torch
from tokenizers import Tokenizer

from core.config import AttentionName, CacheConfig, Mode, SamplingConfig, StreamConfig, resolve
from core.engine.engine import Engine
from core.engine.loading import engine_threads, find_checkpoint, load_engine, pick_device, pick_dtype
from core.engine.memory import QualityLevel
from core.errors import UsageError
from core.eval.bench import roofline
from core.eval.bench.frames import LoopedFrames, PingPongFrames
from core.eval.bench.plot import Curve
from core.eval.bench.random_model import MODEL_SPECS, ModelSpec, random_checkpoint
from core.eval.bench.roofline import Roofline
from core.eval.bench.timed_rounds import Run, run
from core.eval.bench.workload import Workload
from core.model.checkpoint import Checkpoint, read_config
from core.model.config import ModelConfig
from core.model.qwen2_5_vl.config import parse
from core.prompt.special import load_tokenizer

NEW_TOKENS = 20
PING_PONG_FPS = 60


PRECISIONS: dict[str, dict[str, dict[str, Any]]] = {
    "cuda": {"bf16": {"dtype": "bfloat16"}, "fp8": {"dtype": "fp8"}},
    "cpu": {"fp32": {"dtype": "float32"}},
}
"""By type of device, ways to hold numbers: settings of a stream. All others are held against the first one."""
WORDS = " the ball goes out to the left and back to the middle"


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What makes one run differ from another. `vision_window_s` is the default one where it is 0.

    With `drop_repeats` above 0 the pictures are those of `PingPongFrames`, else of `LoopedFrames`.
    """

    precision: str
    fps: int
    mode: Mode = "streaming"
    vision_window_s: float = 0.0
    drop_repeats: float = 0.0


class Bench:
    """The machine, the model and what was measured so far.

    Attributes:
        shape: of the random weights; None measures a checkpoint: `model`, or the bundled one.
        workload: how much of everything. curves: what the sections leave for the plot.
        ends_at: `time.monotonic()` after which nothing long is begun. attention: of all runs.
    """

    def __init__(
        self, device: str, shape: str, model: str, workload: Workload, ends_at: float, attention: AttentionName = "auto"
    ) -> None:
        self.device = pick_device(device)
        if self.device.type == "cpu":
            torch.set_num_threads(engine_threads(os.cpu_count() or 1))
        self.shape: ModelSpec | None = None if shape == "bundled" else MODEL_SPECS[shape]
        self.model = model
        self.attention = attention
        self.workload = workload
        self.ends_at = ends_at
        self.curves: list[Curve] = []
        self._runs: dict[RunConfig, Run] = {}
        self._checkpoints: dict[str, Checkpoint] = {}

    @cached_property
    def precisions(self) -> dict[str, dict[str, Any]]:
        """Those that the device can compute with."""
        return {name: each for name, each in PRECISIONS[self.device.type].items() if self._offers(each)}

    @property
    def first(self) -> str:
        """The precision that everybody else is compared in."""
        return next(iter(self.precisions))

    @property
    def cache_dtype(self) -> torch.dtype:
        """What keys and values are kept in, whatever the weights are."""
        return torch.bfloat16 if self.device.type == "cuda" else torch.float32

    @cached_property
    def folder(self) -> Path:
        """Where the checkpoint to measure lies; fetched if need be."""
        return find_checkpoint(self.model, lambda loading: None, Event())[0]

    @cached_property
    def config(self) -> ModelConfig:
        """The shape of what is measured."""
        return read_config(self.folder) if self.shape is None else parse(self.shape.raw)

    @cached_property
    def roofline(self) -> Roofline:
        self.report("the machine itself")
        return roofline.measure(self.device, self.workload.copied_bytes, self.workload.matrix_side)

    @cached_property
    def looped(self) -> LoopedFrames:
        return LoopedFrames(self.workload.loop_frames, fps=8.0)

    @cached_property
    def ping_pong(self) -> PingPongFrames:
        self.report("frames for what repeats")
        return PingPongFrames(self.workload.ping_pong_frames, PING_PONG_FPS, self.frame_size())

    @cached_property
    def windows(self) -> CacheConfig:
        """What is kept: the published windows for random weights, else those of the checkpoint."""
        return CacheConfig() if self.shape else resolve({"model": self.model}).cache

    def out_of_time(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self.ends_at

    def report(self, what: str) -> None:
        """Progress, for people."""
        sys.stderr.write(f"bench: {what}\n")
        sys.stderr.flush()

    def run(self, run_config: RunConfig, steady: int = 0, ahead: int = 0) -> Run:
        """The rounds of a run, `steady` of them with full windows (0: as `workload` says), and `ahead` whose frames
        come one by one; run only once."""
        if run_config not in self._runs or len(self._runs[run_config].ahead) < ahead:
            dropping = ", dropping" if run_config.drop_repeats else ""
            self.report(f"{run_config.precision}, {run_config.fps} fps, mode {run_config.mode}{dropping}")
            pictures = self.ping_pong if run_config.drop_repeats else self.looped
            self.forget_engines()
            self._runs[run_config] = run(
                self.engine(run_config), pictures, run_config.fps, steady or self.workload.steady, ahead
            )
        return self._runs[run_config]

    def engine(self, run_config: RunConfig, **more: Any) -> Engine:
        """A fresh engine, warmed up, that says exactly NEW_TOKENS tokens a round; `more` are flat settings."""
        if self.shape is None:
            return self._checkpoint_engine(run_config, more)
        engine = Engine(self.checkpoint(run_config.precision), self._random_config(run_config, self.shape), self.device)
        engine.warm_up()
        return engine

    def checkpoint(self, precision: str) -> Checkpoint:
        """The random weights that a precision starts from; made once."""
        if precision not in self._checkpoints:
            assert self.shape is not None
            name = self.precisions[precision]["dtype"]
            dtype = pick_dtype(name, self.device)
            self._checkpoints[precision] = random_checkpoint(self.shape, self.device, dtype, name == "fp8")
        return self._checkpoints[precision]

    def frame_size(self) -> tuple[int, int]:
        """(width, height) in pixels that the model gets of a frame."""
        if self.shape is not None:
            return self.shape.size
        drawn_height, drawn_width = self.looped.frames.shape[1:3]
        sight = self.engine(RunConfig(self.first, 2)).vision_encoder
        height, width = sight.frame_size(drawn_height, drawn_width, QualityLevel())
        return width, height

    def forget_engines(self) -> None:
        """Give back what engines that are no longer used have held."""
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def _offers(self, settings: dict[str, Any]) -> bool:
        try:
            pick_dtype(settings["dtype"], self.device)
        except UsageError:
            return False
        return True

    def _checkpoint_engine(self, run_config: RunConfig, more: dict[str, Any]) -> Engine:
        given = {
            "model": self.model,
            "device": str(self.device),
            **self.precisions[run_config.precision],
            "attention": self.attention,
            "fps": run_config.fps,
            "mode": run_config.mode,
            "vision_window_s": run_config.vision_window_s or None,
            "drop_repeats": run_config.drop_repeats,
            "context": self._long_context(load_tokenizer(self.folder)),
            "bad_words": ("<|im_end|>",),  # so no line ends before its limit
            "max_new_tokens": NEW_TOKENS,
            "guard_repeats": 0,
        }
        return load_engine(resolve(given | more), lambda loading: None, Event())

    def _random_config(self, run_config: RunConfig, shape: ModelSpec) -> StreamConfig:
        cache = replace(self.windows, mode=run_config.mode)
        if run_config.vision_window_s:
            cache = replace(cache, vision_window_s=run_config.vision_window_s)
        return StreamConfig(
            device=str(self.device),
            attention=self.attention,
            fps=run_config.fps,
            size=shape.size,
            context=self._long_context(self.checkpoint(run_config.precision).tokenizer),
            drop_repeats=run_config.drop_repeats,
            guard_repeats=0,
            cache=cache,
            sampling=SamplingConfig(max_new_tokens=NEW_TOKENS),
            **self.precisions[run_config.precision],
        )

    def _long_context(self, tokenizer: Tokenizer) -> str:
        """A context that fills `previous text` from the first round on."""
        words = self.looped.context
        filled = self.windows.sink_tokens + self.windows.text_window_tokens
        while len(tokenizer.encode(words, add_special_tokens=False).ids) < filled:
            words += WORDS
        return words
