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
from core.train.backdrops import DESKTOPS, GROUNDS
from core.train.bank import Bank, Drawn
from core.train.collate import Lengths, collate
from core.train.recipe import Recipe
from core.train.transcript import Scribe
from core.train.view import draw_view

AHEAD = 2  # batches each worker keeps ready
SHARED_MEMORY_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What a worker needs to know.

    Attributes:
        tokenizer: serialised. lengths: what every chunk is padded to. begin: changes what is drawn after a resume.
    """

    tokenizer: str
    recipe: Recipe
    lengths: Lengths
    begin: int
    grounds: int = GROUNDS
    desktops: int = DESKTOPS


class ChunkFeed(IterableDataset[dict[str, Tensor]]):
    """Endless batches; each worker has its own bank of matches."""

    def __init__(self, plan: FeedPlan) -> None:
        self._plan = plan

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        info = get_worker_info()
        torch.set_num_threads(1)
        plan = self._plan
        rng = np.random.default_rng([plan.recipe.seed, plan.begin, info.id if info else 0])
        scribe = Scribe(Tokenizer.from_str(plan.tokenizer), plan.recipe)
        bank = Bank(scribe, rng, range(HELD_OUT_SEED), plan.recipe.rounds)
        while True:
            chunks = [fitting(bank, plan.lengths) for _ in range(plan.recipe.batch)]
            yield collate(chunks, views(rng, len(chunks), plan), plan.lengths)


def fitting(bank: Bank, lengths: Lengths) -> Drawn:
    """The next chunk that is not too long to pad."""
    while not lengths.fit((drawn := bank.draw()).encoded):
        pass
    return drawn


def views(rng: np.random.Generator, count: int, plan: FeedPlan) -> Sequence[dict[str, np.ndarray]]:
    """A view for each chunk."""
    return [draw_view(rng, plan.grounds, plan.desktops) for _ in range(count)]


def batches(plan: FeedPlan) -> Iterator[dict[str, Tensor]]:
    """Start the workers (none: make batches here) and yield batches for ever."""
    workers = plan.recipe.workers
    room = shutil.disk_usage("/dev/shm").free if workers else 0
    loader = DataLoader(
        ChunkFeed(plan),
        batch_size=None,
        num_workers=workers,
        prefetch_factor=(AHEAD if room > SHARED_MEMORY_BYTES else 1) if workers else None,
        pin_memory=plan.recipe.device.startswith("cuda"),
    )
    return iter(loader)
