"""The second user of the training seam: samples cut from any programme, and frames that are stored."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from core.programmes.catalogue import find
from core.train.bundled_config import FRAME_SIZE
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN
from core.train.episode_source import EpisodeSource

ROUNDS = 4
PROGRAMMES = (find("football"), find("unknown"))


def source(rng: np.random.Generator, *names: str) -> EpisodeSource:
    return EpisodeSource([find(name) for name in names], rng, range(100), ROUNDS, desktops=2)


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
