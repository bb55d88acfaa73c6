"""How tokens are chosen: repetition penalty, nucleus, seeds."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from core.engine.sampler import nucleus, penalised
from tests.core.engine.word_sampler import line, sampler


def test_penalty_is_that_of_the_paper() -> None:
    seen = torch.tensor([True, True, False])
    assert penalised(torch.tensor([2.0, -2.0, 2.0]), seen, 2.0).tolist() == [1.0, -4.0, 2.0]


def test_penalty_counts_what_was_just_sampled() -> None:
    assert line(sampler(greedy=True, repetition_penalty=3.0), "goal", "shot", limit=2) == ["goal", "shot"]


@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=8), st.floats(0.05, 1.0))
def test_nucleus_is_the_smallest_set_that_reaches_the_mass(weights: list[float], top_p: float) -> None:
    probabilities = torch.tensor(weights) / sum(weights)
    kept = nucleus(probabilities, top_p)
    assert kept.sum() >= min(top_p, 1.0) - 1e-4
    inside = kept > 0
    assert inside.any()
    if inside.sum() > 1:
        assert kept.sum() - kept[inside].min() < top_p + 1e-4


def test_seeded_runs_repeat() -> None:
    drawn = [[sampler(seed=7).sample(torch.zeros(9), [], 0.0) for _ in range(5)] for _ in range(2)]
    assert drawn[0] == drawn[1]
    one = sampler(seed=1)
    other = sampler(seed=2)
    assert [one.sample(torch.zeros(9), [], 0.0) for _ in range(20)] != [
        other.sample(torch.zeros(9), [], 0.0) for _ in range(20)
    ]
