"""Batches of samples, drawn by worker processes and sent ready for the device."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from core.train.chunk_encoder import ChunkEncoder, EncodedChunk
from core.train.collate import Lengths, collate
from core.train.sample import SampleSource, TrainingSample
from core.train.train_config import TrainConfig

PREFETCH_BATCHES = 2  # batches each worker keeps ready
SHARED_MEMORY_BYTES = 2 << 30
StartSource = Callable[[ChunkEncoder, np.random.Generator], SampleSource]


@dataclass(frozen=True, slots=True)
class LoaderConfig:
    """What a worker needs to know.

    Attributes:
        tokenizer: serialised. lengths: what every chunk is padded to. begin: changes what is drawn after a resume.
        start: starts a worker's source of samples; it and what it holds can be pickled.
        names, shown: words that weigh more in the loss (see `ChunkEncoder`).
    """

    tokenizer: str
    config: TrainConfig
    lengths: Lengths
    begin: int
    start: StartSource
    names: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def encoder(self) -> ChunkEncoder:
        return ChunkEncoder(Tokenizer.from_str(self.tokenizer), self.config, self.names, self.shown)


class ChunkDataset(IterableDataset[dict[str, Tensor]]):
    """Endless batches; each worker has a source of its own."""

    def __init__(self, loader_config: LoaderConfig) -> None:
        self._loader_config = loader_config

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        info = get_worker_info()
        torch.set_num_threads(1)
        wanted = self._loader_config
        rng = np.random.default_rng([wanted.config.seed, wanted.begin, info.id if info else 0])
        encoder = wanted.encoder()
        source = wanted.start(encoder, rng)
        while True:
            drawn = [draw_fitting(source, encoder, wanted.lengths) for _ in range(wanted.config.batch)]
            yield collate([(encoded, sample.frames) for sample, encoded in drawn], wanted.lengths)


def draw_fitting(source: SampleSource, encoder: ChunkEncoder, lengths: Lengths) -> tuple[TrainingSample, EncodedChunk]:
    """The next sample that is not too long to pad."""
    while True:
        sample = source.draw()
        encoded = encoder.encode(sample)
        if lengths.fit(encoded):
            return sample, encoded


def batches(loader_config: LoaderConfig) -> Iterator[dict[str, Tensor]]:
    """Start the workers (none: make batches here) and yield batches for ever."""
    workers = loader_config.config.workers
    room = shutil.disk_usage("/dev/shm").free if workers else 0
    loader = DataLoader(
        ChunkDataset(loader_config),
        batch_size=None,
        num_workers=workers,
        prefetch_factor=(PREFETCH_BATCHES if room > SHARED_MEMORY_BYTES else 1) if workers else None,
        pin_memory=loader_config.config.device.startswith("cuda"),
    )
    return iter(loader)
