"""What the tests of training share: a tokenizer, and a bank of few matches."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from core.train.bank import Bank
from core.train.corpus import corpus
from core.train.recipe import Recipe
from core.train.tokenizer import train_tokenizer
from core.train.transcript import Scribe


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return train_tokenizer(corpus(200))


@pytest.fixture(scope="session")
def scribe(tokenizer: Tokenizer) -> Scribe:
    return Scribe(tokenizer, Recipe(steps=1))


@pytest.fixture(scope="session")
def bank(scribe: Scribe) -> Bank:
    return Bank(scribe, np.random.default_rng(1), range(1000), rounds=24, mistakes=False)
