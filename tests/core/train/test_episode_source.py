"""The second user of the training seam: samples cut from any programme, and frames that are stored."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from core.programmes.catalogue import find
from core.programmes.programme import HELD_OUT_SEED
from core.train.augmentation import OFF_SCREEN, VIEW_SIZE
from core.train.backgrounds import desktop, draw_pictures
from core.train.bundled_config import FRAME_SIZE, TINY
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN
from core.train.collate import Lengths
from core.train.data_loader import LoaderConfig, batches
from core.train.episode_source import EpisodeSource
from core.train.frame_provider import StoredFrames
from core.train.train_config import TrainConfig
from core.train.trainer import Trainer
from core.train.validation import Validation

ROUNDS = 4
PROGRAMMES = (find("football"), find("unknown"))


def source(rng: np.random.Generator, *names: str) -> EpisodeSource:
    return EpisodeSource([find(name) for name in names], rng, range(100), ROUNDS, desktops=2)


def start(encoder: object, rng: np.random.Generator) -> EpisodeSource:
    return source(rng, "football", "unknown")


def test_samples_go_on_where_the_last_one_of_their_episode_was() -> None:
    drawing = source(np.random.default_rng(1), "football")
    firsts: dict[str, list[tuple[int, list[str]]]] = {}
    for _ in range(24):
        sample = drawing.draw()
        said = [*sample.as_text, *(line.text for line in sample.earlier)]
        firsts.setdefault(sample.context, []).append((len(said), [answer.text for answer in sample.answers]))
    assert len(firsts) > 1
    for chunks in firsts.values():
        for (_, before), (_, after) in pairwise(chunks):
            assert before[ROUNDS // 2 :] == after[: ROUNDS // 2]


def test_lines_before_a_chunk_are_counted_from_its_first_round() -> None:
    drawing = source(np.random.default_rng(2), "football")
    samples = [drawing.draw() for _ in range(40)]
    later = [sample for sample in samples if sample.earlier]
    assert later
    for sample in later:
        rounds = [line.round for line in sample.earlier]
        assert rounds == sorted(rounds)
        assert rounds[-1] < 0
        assert sample.start_s > 0
        assert sample.mentions is not None
        assert sample.mentions(sample.earlier[-1].text)


def test_frames_are_those_of_the_lines_before_and_of_the_chunk() -> None:
    drawing = source(np.random.default_rng(3), "football", "unknown")
    for sample in (drawing.draw() for _ in range(6)):
        frames = sample.frames["frames"]
        assert frames.shape == (2 * (PREFIX_ROUNDS_SEEN + ROUNDS), FRAME_SIZE[1], FRAME_SIZE[0], 3)
        assert frames.dtype == np.uint8


def test_a_stored_frame_is_shown_as_it_is_in_a_plain_view() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (1, 1, FRAME_SIZE[1], FRAME_SIZE[0], 3), np.uint8)
    provider = StoredFrames(np.zeros((1, 3, FRAME_SIZE[1], FRAME_SIZE[0]), np.uint8), torch.device("cpu"))
    plain = {
        "view": [0.0, 0.0, VIEW_SIZE[0] / FRAME_SIZE[0], VIEW_SIZE[1] / FRAME_SIZE[1]],
        "window": OFF_SCREEN, "title": [0.0] * 4, "band": [0.0] * 8, "colour": np.eye(3, 4), "blur": 0.0, "noise": 0.0,
    }  # fmt: skip
    batch = {name: torch.tensor(np.array([value]), dtype=torch.float32) for name, value in plain.items()}
    batch |= {"desktop": torch.zeros(1, dtype=torch.int32), "frames": torch.from_numpy(picture)}
    shown = provider.frames(batch)
    assert shown.shape == (1, 3, FRAME_SIZE[1], FRAME_SIZE[0])
    assert (shown[0].permute(1, 2, 0) * 255 - torch.from_numpy(picture[0, 0])).abs().max() < 0.1


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


def _held_out(encoder: object, rng: np.random.Generator) -> EpisodeSource:
    return EpisodeSource(PROGRAMMES, rng, range(HELD_OUT_SEED, 2 * HELD_OUT_SEED), ROUNDS, desktops=2)
