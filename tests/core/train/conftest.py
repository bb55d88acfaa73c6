"""What the tests of training share: a tokenizer, a bank of few matches, and a tiny student with its checkpoint."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from core.train import checkpoint
from core.train.bank import Bank
from core.train.corpus import corpus
from core.train.recipe import Recipe
from core.train.shape import TINY, model_config, raw_config
from core.train.student import Student
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


@pytest.fixture(scope="session")
def student(tokenizer: Tokenizer) -> Student:
    """Random weights that bf16 can hold."""
    made = Student(model_config(TINY, tokenizer), seed=1)
    with torch.no_grad():
        for weight in made.parameters():
            weight.add_(0.05 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(2)))
            weight.copy_(weight.bfloat16().float())
    return made


@pytest.fixture(scope="session")
def exported(student: Student, tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student's checkpoint directory."""
    out = tmp_path_factory.mktemp("exported")
    weights = {name: weight.detach() for name, weight in student.named_parameters()}
    checkpoint.export(out, weights, raw_config(TINY, tokenizer), student.config, tokenizer)
    return out
