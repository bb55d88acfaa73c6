"""A checkpoint that is loaded once and comments on one piece of video after another, each from a fresh context."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from core.config import StreamConfig
from core.data.clip import read_clip
from core.engine.host import ignore_progress, translated_errors
from core.messages import Line, Stats
from core.types import Chunk

if TYPE_CHECKING:
    import torch

    from core.engine.engine import Engine
    from core.model.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """Weights on their device."""

    checkpoint: Checkpoint
    device: torch.device

    @classmethod
    def load(cls, config: StreamConfig) -> LoadedModel:
        """Load, and download before where it is a hub id. Raises CheckpointError, UsageError or EngineError."""
        from core.engine.loading import load_checkpoint

        with translated_errors():
            return cls(*load_checkpoint(config, ignore_progress, Event()))

    def engine(self, config: StreamConfig) -> Engine:
        """A warmed-up engine with an empty context. Raises EngineError."""
        from core.engine.loading import warm_engine

        with translated_errors():
            return warm_engine(self.checkpoint, config, self.device)

    def forget_peak(self) -> None:
        """Free what earlier engines have held, and count the most memory of a GPU anew."""
        import torch

        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(self.device)

    def rounds(self, config: StreamConfig, video: Path, start: float, end: float) -> Iterator[tuple[Line, Stats]]:
        """Comment on the seconds [start, end) of a video, in whole chunks; time stamps are the video's.

        Raises SourceError where the video gives out or cannot be decoded: what came before has been given.
        EngineError as the engine.
        """
        engine = self.engine(config)
        for chunk in video_chunks(video, start, end, config):
            with translated_errors():
                messages = list(engine.step(chunk))
            line = next(message for message in messages if isinstance(message, Line))
            stats = next(message for message in messages if isinstance(message, Stats))
            yield line, stats


def video_chunks(video: Path, start: float, end: float, config: StreamConfig) -> Iterator[Chunk]:
    """Whole chunks of the seconds [start, end) of a video, decoded as they are needed. Raises SourceError."""
    count = config.frames_per_chunk()
    rounds = int((end - start) / config.chunk_s + 1e-6)
    if rounds < 1:
        return
    frames = read_clip(video, start, start + rounds * config.chunk_s, config.fps)
    for index in range(rounds):
        begun = start + index * config.chunk_s
        yield Chunk(index, begun, begun + config.chunk_s, tuple(next(frames) for _ in range(count)), 0.0)
