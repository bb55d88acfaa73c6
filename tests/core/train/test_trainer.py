"""A run on samples of two programmes, frames stored: nothing of football's own is in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from core.programmes.catalogue import find
from core.programmes.programme import HELD_OUT_SEED
from core.train.backgrounds import desktop, draw_pictures
from core.train.bundled_config import TINY
from core.train.collate import Lengths
from core.train.data_loader import LoaderConfig, batches
from core.train.episode_source import EpisodeSource
from core.train.frame_provider import StoredFrames
from core.train.train_config import TrainConfig
from core.train.trainer import Trainer
from core.train.validation import Validation

ROUNDS = 4
PROGRAMMES = (find("football"), find("unknown"))


def start(encoder: object, rng: np.random.Generator) -> EpisodeSource:
    return EpisodeSource(PROGRAMMES, rng, range(HELD_OUT_SEED), ROUNDS, desktops=2)


def _held_out(encoder: object, rng: np.random.Generator) -> EpisodeSource:
    return EpisodeSource(PROGRAMMES, rng, range(HELD_OUT_SEED, 2 * HELD_OUT_SEED), ROUNDS, desktops=2)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_run_learns_from_two_programmes(tokenizer: Tokenizer, tmp_path: Path) -> None:
    config = TrainConfig(
        steps=2, batch=2, rounds=ROUNDS, workers=0, device="cpu", compile=False, log_every=1, recall_texts=0
    )
    loader = LoaderConfig(tokenizer.to_str(), config, Lengths(1088, 408, 640), 0, start)
    provider = StoredFrames(draw_pictures(desktop, 2), torch.device("cpu"))
    logged: list[str] = []
    trainer = Trainer(config, TINY, tokenizer, provider, Validation(loader, _held_out), logged.append)
    before = [weight.clone() for weight in trainer.master.weights]
    figures = trainer.run(batches(loader), tmp_path / "out", tmp_path / "state")
    assert figures["step"] == 2
    assert {"silence", "loss"} <= set(figures)
    assert "names" not in figures
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.master.weights, strict=True))
    assert (tmp_path / "out" / "config.json").is_file()
