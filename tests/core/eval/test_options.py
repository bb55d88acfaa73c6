"""Values of options that several benchmarks have."""

import argparse

import pytest

from core.eval.options import held_out_seeds


def test_seeds_are_a_span_or_one():
    assert held_out_seeds("100000-100003") == (100_000, 100_003)
    assert held_out_seeds("100005") == (100_005, 100_005)


@pytest.mark.parametrize(("text", "why"), [("5-7", "trained on"), ("100003-100001", "trained on"), ("a-b", "not A-B")])
def test_other_seeds_are_refused(text, why):
    with pytest.raises(argparse.ArgumentTypeError, match=why):
        held_out_seeds(text)
