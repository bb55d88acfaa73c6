"""Percentiles and figures with goals."""

from core.eval.bench.figure import Figure, percentile, single, spread


def test_percentiles_are_samples():
    samples = [float(n) for n in range(100, 0, -1)]
    assert [percentile(samples, p) for p in (1, 5, 50, 99, 100)] == [1.0, 5.0, 50.0, 99.0, 100.0]
    assert percentile([7.0], 99) == 7.0


def test_a_figure_knows_whether_its_goal_is_reached():
    assert single("slow", 2.0, "s", 1.0).row().endswith("missed")
    assert single("fast", 0.5, "s", 1.0).reached()
    assert not single("few", 2.0, "fps", 8.0, "higher").reached()
    assert spread("of three", [3.0, 1.0, 2.0], "s") == Figure("of three", 2.0, "s", 1.0, 3.0)
