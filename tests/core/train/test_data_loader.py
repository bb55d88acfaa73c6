"""Batches as the worker processes make them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
import torch
from tokenizers import Tokenizer

from core.train.collate import Lengths
from core.train.data_loader import LoaderConfig, batches
from core.train.football.match_pool import MatchPool
from core.train.train_config import TrainConfig

LENGTHS = Lengths(1088, 408, 384)


@pytest.fixture
def loader_config(tokenizer: Tokenizer) -> LoaderConfig:
    config = TrainConfig(steps=1, batch=2, rounds=4, workers=0, device="cpu")
    start = partial(MatchPool, seeds=range(50), rounds=4, backgrounds=(2, 2))
    return LoaderConfig(tokenizer.to_str(), config, LENGTHS, 0, start)


def test_the_same_run_draws_the_same_and_a_resumed_one_goes_on_with_others(loader_config: LoaderConfig) -> None:
    first, again, resumed = (
        next(batches(config)) for config in (loader_config, loader_config, replace(loader_config, begin=7))
    )
    assert torch.equal(first["ids"], again["ids"])
    assert torch.equal(first["rows"], again["rows"])
    assert not torch.equal(first["rows"], resumed["rows"])


def test_workers_draw_different_batches_of_one_shape(loader_config: LoaderConfig) -> None:
    wanted = replace(loader_config, config=replace(loader_config.config, workers=2))
    loaded = batches(wanted)
    one, other = next(loaded), next(loaded)
    assert one["ids"].shape == other["ids"].shape == (2, LENGTHS.prefix + LENGTHS.chunk)
    assert not torch.equal(one["rows"], other["rows"])
