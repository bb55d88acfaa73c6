"""Which claims hold, on outcomes made by hand."""

import pytest

from core.eval.ablations.outcome import Cost, Summary
from core.eval.ablations.verdict import quality, verdicts
from core.eval.metrics import Counts


def summary(right, chunk_s=0.03, parts=(0.03,) * 6):
    counts = Counts(events=100, claims=100, hits=100, named=100, named_right=100, facts=100, facts_right=right)
    return Summary(({"all": counts},), Cost(chunk_s, chunk_s, 50, 1000, 1000, 1000, parts))


def judged(**found):
    return {verdict.claim: verdict for verdict in verdicts({"streaming": summary(100), **found})}


def of(words, **found):
    return next(verdict for claim, verdict in judged(**found).items() if words in claim)


def test_quality_is_a_mean_without_what_nothing_was_said_of():
    assert quality(summary(40).total("all")) == pytest.approx((1 + 1 + 0.4) / 3)
    assert quality(Counts(events=4, claims=4, hits=2)) == 0.5


@pytest.mark.parametrize(
    ("right", "chunk_s", "holds"), [(100, 0.2, True), (100, 0.1, False), (50, 0.2, True), (100, 0.13, True)]
)
def test_streaming_against_recompute(right, chunk_s, holds):
    assert of("recomputing", recompute=summary(right, chunk_s)).holds is holds


def test_streaming_behind_recompute_does_not_hold():
    found = {"streaming": summary(90), "recompute": summary(100, 0.5)}
    assert not next(v for v in verdicts(found) if "recomputing" in v.claim).holds


def test_clearly_worse_is_five_points_of_quality():
    assert of("never re-based", native=summary(80)).holds
    assert of("never re-based", native=summary(90)).holds is False
    assert "0.933 (native) against 1.000 (streaming) in 1 episode" in str(of("never re-based", native=summary(80)))


def test_clearly_worse_is_worse_in_every_episode():
    both = Summary(summary(100).episodes * 2, summary(100).cost)
    mixed = Summary((*summary(100).episodes, *summary(0).episodes), summary(100).cost)
    lower = Summary((*summary(90).episodes, *summary(0).episodes), summary(100).cost)
    assert of("never re-based", streaming=both, native=mixed).holds is False
    assert of("never re-based", streaming=both, native=lower).holds
    assert "in 2 episodes" in str(of("never re-based", streaming=both, native=lower))


def test_full_attention_must_be_worse_and_slow_down():
    slow = (0.03, 0.04, 0.05, 0.06, 0.07, 0.08)
    assert of("Full attention", full=summary(10, parts=slow)).holds
    assert of("Full attention", full=summary(10)).holds is False
    assert of("Full attention", full=summary(100, parts=slow)).holds is False


def test_more_vision_adds_nothing():
    assert of("More than 16 s", vision_16s=summary(90), vision_32s=summary(91)).holds
    assert of("More than 16 s", vision_16s=summary(90), vision_32s=summary(100)).holds is False


def test_what_was_not_run_is_said_to_be_absent():
    assert all(verdict.holds is None for verdict in judged().values())
    lacking = [v for v in judged().values() if "chunks without overlap" in v.claim]
    assert "--models no-overlap=DIR" in str(lacking[0])
