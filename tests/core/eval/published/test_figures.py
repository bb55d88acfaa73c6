"""Shares with their intervals."""

from core.eval.published.figures import figure, share


def test_a_share_and_its_interval() -> None:
    found = share([True] * 30 + [False] * 10)
    assert found["value"] == 0.75
    assert 0.6 < found["low"] < 0.75 < found["high"] < 0.9
    assert share([True, True])["low"] == 1.0
    assert share([])["value"] == 0.0


def test_a_figure_without_a_spread() -> None:
    assert figure(3.0, "s", "lower") == {
        "value": 3.0, "unit": "s", "low": 3.0, "high": 3.0, "goal": None, "better": "lower"
    }  # fmt: skip
