"""A tiny random checkpoint, a real video and samples on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from core.data.jsonl import write_samples
from core.data.sample import QuestionAnswer, Sample, Word
from core.prompt.special import load_tokenizer
from core.prompt.template import Template
from tests.core.data.conftest import write_video
from tests.parity.checkpoints import write_checkpoint


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_checkpoint(tmp_path_factory.mktemp("sft") / "model", 3, layers=2, vision_layers=2)


@pytest.fixture(scope="session")
def tokenizer(model_path: Path) -> Tokenizer:
    return load_tokenizer(model_path)


@pytest.fixture(scope="session")
def template(tokenizer: Tokenizer) -> Template:
    return Template(tokenizer)


@pytest.fixture(scope="session")
def sample() -> Sample:
    """Six seconds with words in three of them and a question."""
    words = [(1, "Goal"), (1.1, "for"), (1.15, "Harbour!"), (3, "Corner"), (5, "A"), (5.1, "save")]
    return Sample(
        video="game.mp4",
        start=0.0,
        end=6.0,
        query="Commentate",
        previous="Harbour v Union",
        words=tuple(Word(t + 0.1, t + 0.8, word) for t, word in words),
        qa_stream=(QuestionAnswer(3.5, 3.5, "Who leads?", "Harbour do."),),
    )


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory, sample: Sample) -> Path:
    """A folder with `game.mp4` of 12 s and `train_with_seeks.jsonl` of three samples on it."""
    folder = tmp_path_factory.mktemp("data")
    write_video(folder / "game.mp4", 12)
    words = (Word(7.1, 7.8, "Off"), Word(9.1, 9.4, "the"), Word(9.5, 9.9, "bar"))
    plain = Sample("game.mp4", 0.0, 6.0, previous=sample.previous, words=sample.words)
    others = [Sample("game.mp4", float(s), s + 5.0, words=words) for s in (6, 7)]
    write_samples(folder / "train_with_seeks.jsonl", [plain, *others])
    return folder
