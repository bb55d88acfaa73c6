"""Chunks in which something is told are used as often as asked for, each under another view; memory is bounded."""

from __future__ import annotations

from collections import Counter

import numpy as np

from core.train.augmentation import draw_augmentation
from core.train.reservoir import Reservoir
from core.train.sample import Answer, TrainingSample

KEEP = 8
USES = 3


class Numbered:
    """A source whose samples are told apart by their start; `silent`: those in which nothing is told."""

    def __init__(self, silent: range = range(0)) -> None:
        self.drawn = 0
        self.silent = silent

    def draw(self) -> TrainingSample:
        self.drawn += 1
        frames = {"frames": np.full((2, 2, 2, 3), self.drawn % 256, np.uint8)}
        shown = draw_augmentation(np.random.default_rng(self.drawn), 1, 2)
        text = "" if self.drawn in self.silent else "Something."
        return TrainingSample("", [], [], float(self.drawn), [Answer(text)], frames | shown)


def drawn(count: int, silent: range = range(0)) -> tuple[Numbered, list[TrainingSample]]:
    source = Numbered(silent)
    reservoir = Reservoir(source, np.random.default_rng(1), KEEP, USES, desktops=2)
    return source, [reservoir.draw() for _ in range(count)]


def test_each_sample_is_used_as_often_as_asked_for() -> None:
    source, samples = drawn(600)
    counts = Counter(int(sample.start_s) for sample in samples)
    given_up = [number for number in range(KEEP + 1, source.drawn + 1) if number < source.drawn - 10 * KEEP]
    assert len(given_up) > 80
    assert {counts[number] for number in given_up} == {USES}
    assert max(counts[number] for number in range(1, KEEP + 1)) <= USES


def test_a_sample_of_silence_is_used_once() -> None:
    source, samples = drawn(600, silent=range(0, 10_000, 2))
    counts = Counter(int(sample.start_s) for sample in samples)
    given_up = range(KEEP + 1, source.drawn - 10 * KEEP)
    assert {counts[number] for number in given_up if number % 2 == 0} == {1}
    assert {counts[number] for number in given_up if number % 2} == {USES}


def test_new_samples_are_drawn_only_as_old_ones_are_used_up() -> None:
    source, _ = drawn(1)
    assert source.drawn <= KEEP + 1
    source, _ = drawn(600)
    assert abs(source.drawn - KEEP - 600 / USES) <= KEEP


def test_uses_of_a_sample_lie_among_others_and_look_different() -> None:
    _, samples = drawn(300)
    by_number: dict[int, list[tuple[int, TrainingSample]]] = {}
    for place, sample in enumerate(samples):
        by_number.setdefault(int(sample.start_s), []).append((place, sample))
    apart = [uses[-1][0] - uses[0][0] for uses in by_number.values() if len(uses) == USES]
    assert np.mean(apart) > KEEP
    for uses in by_number.values():
        assert len({sample.frames["colour"].tobytes() + sample.frames["view"].tobytes() for _, sample in uses}) == len(
            uses
        )
        assert len({sample.frames["frames"].tobytes() for _, sample in uses}) == 1
