"""A checkpoint that knows nothing but has the right shape."""

from pathlib import Path

import pytest
import torch

from core.train.checkpoint import export
from core.train.corpus import corpus
from core.train.shape import TINY, model_config, raw_config
from core.train.student import Student
from core.train.tokenizer import train_tokenizer


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = train_tokenizer(corpus(20))
    config = model_config(TINY, tokenizer)
    weights = dict(Student(config, seed=3).named_parameters())
    out = tmp_path_factory.mktemp("tiny")
    export(
        out,
        {n: torch.as_tensor(w.detach()) for n, w in weights.items()},
        raw_config(TINY, tokenizer),
        config,
        tokenizer,
    )
    return out
