"""A checkpoint that knows nothing but has the right shape."""

from pathlib import Path

import pytest
import torch

from core.train.bundled_config import TINY, model_config, raw_config
from core.train.checkpoint import export
from core.train.football.tokenizer_corpus import corpus
from core.train.tokenizer import train_tokenizer
from core.train.train_model import TrainModel


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = train_tokenizer(corpus(20))
    config = model_config(TINY, tokenizer)
    weights = dict(TrainModel(config, seed=3).named_parameters())
    out = tmp_path_factory.mktemp("tiny")
    export(
        out,
        {n: torch.as_tensor(w.detach()) for n, w in weights.items()},
        raw_config(TINY, tokenizer),
        config,
        tokenizer,
    )
    return out
