"""Figures of variants."""

import pytest

from core.eval.ablations.figures import figures
from core.eval.ablations.outcome import Cost, Summary
from core.eval.metrics import Counts
from core.programmes.catalogue import find

FOOTBALL = find("football")


def summary(chunk_s, *right):
    cost = Cost(chunk_s, 2 * chunk_s, 50, 1000, 2000, 3000, (chunk_s,) * 6)
    episodes = [Counts(events=9, claims=9, hits=9, facts=10, facts_right=n) for n in right]
    return Summary(tuple({"all": c, "fact score": c, "part 6": c} for c in episodes), cost)


def test_quality_stands_beside_its_cost():
    found = figures(FOOTBALL, {"streaming": summary(0.02, 10, 8), "recompute": summary(0.2, 10, 10)})
    assert found["streaming_score_right"]["value"] == 0.9
    assert (found["streaming_score_right"]["low"], found["streaming_score_right"]["high"]) == (0.8, 1.0)
    assert found["streaming_facts_right_part_6"]["value"] == 0.9
    assert found["recompute_chunk_compute"]["value"] == 0.2
    assert found["streaming_compute_of_recompute"]["value"] == pytest.approx(0.1)
    assert found["streaming_behind_recompute"]["value"] == pytest.approx(0.05)
    keys = {"value", "unit", "low", "high", "goal", "better"}
    assert all(set(record) == keys for record in found.values())


def test_a_part_that_nobody_reached_has_no_figure():
    assert "streaming_facts_right_part_1" not in figures(FOOTBALL, {"streaming": summary(0.02, 10)})
