"""Samples on which nothing is to be said."""

import numpy as np

from core.programmes.catalogue import find
from core.programmes.football.reading import KEYWORD
from core.train.bundled_config import FRAME_SIZE
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN
from core.train.silent_source import SilentSource

ROUNDS = 3


def test_every_round_is_silent_whatever_was_promised() -> None:
    source = SilentSource(find("unknown"), np.random.default_rng(4), range(100), ROUNDS, desktops=2)
    samples = [source.draw() for _ in range(40)]
    assert all(answer.text == "" and answer.in_loss for sample in samples for answer in sample.answers)
    contexts = [sample.context for sample in samples]
    assert "" in contexts
    assert any("Freedoom" in context for context in contexts)
    assert any("keeper" in context for context in contexts)
    spoken = [sample for sample in samples if sample.earlier]
    assert spoken
    for sample in spoken:
        rounds = [line.round for line in sample.earlier]
        assert rounds == sorted(rounds)
        assert rounds[-1] < 0 < sample.start_s
        assert all(KEYWORD.search(line.text) for line in sample.earlier)


def test_pictures_are_of_the_lines_before_and_of_the_chunk() -> None:
    source = SilentSource(find("unknown"), np.random.default_rng(5), range(100), ROUNDS, desktops=2)
    for sample in (source.draw() for _ in range(8)):
        frames = sample.frames["frames"]
        assert frames.shape == (2 * (PREFIX_ROUNDS_SEEN + ROUNDS), FRAME_SIZE[1], FRAME_SIZE[0], 3)
        assert frames.dtype == np.uint8
