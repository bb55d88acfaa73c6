"""Batches of several programmes: painted chunks first, then those that carry their pictures."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from tokenizers import Tokenizer

from core.train.backgrounds import desktop, draw_pictures
from core.train.build import NAMES, StartMix
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN, ChunkEncoder
from core.train.collate import Lengths
from core.train.data_loader import LoaderConfig, batches
from core.train.football.grounds import ground
from core.train.football.painter import Painter
from core.train.frame_provider import StoredFrames
from core.train.mix import Mix
from core.train.mixed_source import PAINTED, STORED, MixedFrames, arrays_of
from core.train.train_config import TrainConfig

ROUNDS = 4
MIX = Mix(football=2, desktop=1, unknown=1)
FRAMES = 2 * (PREFIX_ROUNDS_SEEN + ROUNDS)


def test_every_batch_has_the_mix_painted_chunks_first(encoder: ChunkEncoder) -> None:
    source = StartMix(MIX, range(1000), ROUNDS, (2, 2))(encoder, np.random.default_rng(1))
    for _ in range(2):
        drawn = [source.draw() for _ in range(MIX.batch)]
        painted = [PAINTED + "rows" in sample.frames for sample in drawn]
        assert painted == [True, True, False, False]
        assert "computer screen" in drawn[2].context
        assert all(not answer.text for answer in drawn[3].answers)


def test_frames_stand_in_the_order_of_the_chunks(tokenizer: Tokenizer) -> None:
    config = TrainConfig(steps=1, batch=MIX.batch, rounds=ROUNDS, workers=0, device="cpu")
    start = StartMix(MIX, range(1000), ROUNDS, (2, 2))
    loader = LoaderConfig(tokenizer.to_str(), config, Lengths(1152, 408, 384), 0, start, NAMES)
    batch = next(batches(loader))
    unit = partial(torch.as_tensor, dtype=torch.float32)
    painter = Painter(unit(draw_pictures(ground, 2)) / 255, unit(draw_pictures(desktop, 2)) / 255, torch.device("cpu"))
    stored = StoredFrames(draw_pictures(desktop, 2), torch.device("cpu"))
    batch[STORED + "noise"].zero_()
    frames = MixedFrames(painter, stored).frames(batch)
    assert len(frames) == MIX.batch * FRAMES
    assert torch.equal(frames[2 * FRAMES :], stored.frames(arrays_of(batch, STORED)))
