"""Batches of chunks, made by worker processes and sent ready for the device."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from core.programmes.programme import HELD_OUT_SEED
from core.train.chunk_encoder import ChunkEncoder
from core.train.collate import Lengths, collate
from core.train.football.augmentation import draw_augmentation
from core.train.football.backgrounds import DESKTOPS, GROUNDS
from core.train.football.match_pool import FootballSample, MatchPool
from core.train.train_config import TrainConfig

PREFETCH_BATCHES = 2  # batches each worker keeps ready
SHARED_MEMORY_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class LoaderConfig:
    """What a worker needs to know.

    Attributes:
        tokenizer: serialised. lengths: what every chunk is padded to. begin: changes what is drawn after a resume.
    """

    tokenizer: str
    config: TrainConfig
    lengths: Lengths
    begin: int
    grounds: int = GROUNDS
    desktops: int = DESKTOPS


class ChunkDataset(IterableDataset[dict[str, Tensor]]):
    """Endless batches; each worker has its own pool of matches."""

    def __init__(self, loader_config: LoaderConfig) -> None:
        self._loader_config = loader_config

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        info = get_worker_info()
        torch.set_num_threads(1)
        loader_config = self._loader_config
        rng = np.random.default_rng([loader_config.config.seed, loader_config.begin, info.id if info else 0])
        encoder = ChunkEncoder(Tokenizer.from_str(loader_config.tokenizer), loader_config.config)
        match_pool = MatchPool(encoder, rng, range(HELD_OUT_SEED), loader_config.config.rounds)
        while True:
            chunks = [draw_fitting(match_pool, loader_config.lengths) for _ in range(loader_config.config.batch)]
            yield collate(chunks, views(rng, len(chunks), loader_config), loader_config.lengths)


def draw_fitting(match_pool: MatchPool, lengths: Lengths) -> FootballSample:
    """The next chunk that is not too long to pad."""
    while not lengths.fit((drawn := match_pool.draw()).encoded):
        pass
    return drawn


def views(rng: np.random.Generator, count: int, loader_config: LoaderConfig) -> Sequence[dict[str, np.ndarray]]:
    """A view for each chunk."""
    return [draw_augmentation(rng, loader_config.grounds, loader_config.desktops) for _ in range(count)]


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
