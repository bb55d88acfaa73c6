"""What the tests of training share: a tokenizer, a pool of few matches, and a tiny model with its checkpoint."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from core.train import checkpoint
from core.train.build import NAMES
from core.train.bundled_config import TINY, model_config, raw_config
from core.train.chunk_encoder import ChunkEncoder
from core.train.football.match_pool import MatchPool
from core.train.football.tokenizer_corpus import corpus
from core.train.tokenizer import train_tokenizer
from core.train.train_config import TrainConfig
from core.train.train_model import TrainModel


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return train_tokenizer(corpus(200))


@pytest.fixture(scope="session")
def encoder(tokenizer: Tokenizer) -> ChunkEncoder:
    return ChunkEncoder(tokenizer, TrainConfig(steps=1), NAMES)


@pytest.fixture(scope="session")
def match_pool(encoder: ChunkEncoder) -> MatchPool:
    return MatchPool(encoder, np.random.default_rng(3), range(1000), 24, (2, 2), corruption=False)


@pytest.fixture(scope="session")
def model(tokenizer: Tokenizer) -> TrainModel:
    """Random weights that bf16 can hold."""
    made = TrainModel(model_config(TINY, tokenizer), seed=1)
    with torch.no_grad():
        for weight in made.parameters():
            weight.add_(0.05 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(2)))
            weight.copy_(weight.bfloat16().float())
    return made


@pytest.fixture(scope="session")
def exported(model: TrainModel, tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's checkpoint directory."""
    out = tmp_path_factory.mktemp("exported")
    weights = {name: weight.detach() for name, weight in model.named_parameters()}
    checkpoint.export(out, weights, raw_config(TINY, tokenizer), model.config, tokenizer)
    return out
