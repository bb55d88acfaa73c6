"""Rounds under a stopwatch: full windows, and when it is hopeless."""

from dataclasses import replace

from core.eval.bench.bench import RunConfig
from core.eval.bench.timed_rounds import TOO_SLOW_S, rounds, too_slow
from core.eval.bench.workload import QUICK


def test_the_windows_are_full_where_the_steady_state_begins(bench):
    steady = [r.stats.kv_tokens for r in bench.run(RunConfig("fp32", 2)).steady]
    assert len(steady) == QUICK.steady
    assert max(steady) - min(steady) <= 8  # a time stamp has more digits now and then


def test_only_two_slow_rounds_in_a_row_are_hopeless(bench):
    quick = next(rounds(bench.engine(RunConfig("fp32", 2)), bench.looped, 2, 1))
    slow = replace(quick, wall_s=TOO_SLOW_S + 1)
    assert too_slow([quick, quick, slow, slow])
    assert not too_slow([quick, slow, quick, slow])
    assert not too_slow([slow, slow, slow])
