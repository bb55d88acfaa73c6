"""What a run gave, on its way to a file and back, and several together."""

import pytest

from core.eval.ablations.outcome import PARTS, Cost, Outcome, Summary
from core.eval.metrics import Counts
from core.messages import Line, Stats


def stats(round_, compute_s, kv=100, gpu=0):
    return Stats(round_, compute_s, 0, 0, 0, 0, 0, 1, kv, 10 * kv, 0, 7_000, gpu, prefill_tokens=50 + round_)


def outcome(hits=3, kv=100):
    rounds = [stats(n, 0.1 * (n + 1), kv) for n in range(12)]
    lines = [Line(0, 0.0, 1.0, "Goal!", 0, 0), Line(1, 1.0, 2.0, "", 0, 0)]
    return Outcome.of({"all": Counts(events=4, hits=hits)}, rounds, lines)


def test_the_cost_of_a_run():
    cost = outcome().cost
    assert cost.chunk_s == pytest.approx(0.65)
    assert cost.parts_s == pytest.approx([0.15, 0.35, 0.55, 0.75, 0.95, 1.15])
    assert (cost.prefill_tokens, cost.kv_tokens, cost.kv_bytes, cost.peak_bytes) == (55.5, 100, 1000, 7000)
    assert Cost.of([stats(0, 0.1, gpu=9_000)]).peak_bytes == 9_000
    assert len(cost.parts_s) == PARTS


def test_it_comes_back_from_a_file():
    assert Outcome.from_json(outcome().as_json()) == outcome()
    assert outcome().lines == ((0.0, "Goal!"),)
    assert Outcome.from_json({"failed": "out of memory"}) is None
    assert Outcome.from_json(outcome().as_json() | {"cost": {"old": 1}}) is None


def test_episodes_of_a_variant_add_up():
    summary = Summary.of([outcome(3, 100), outcome(1, 300)])
    assert (summary.total("all").hits, summary.total("nothing")) == (4, Counts())
    assert (summary.cost.kv_tokens, summary.cost.chunk_s) == (300, pytest.approx(0.65))
