"""Win rates, ties and their intervals, against pairs counted by hand."""

from __future__ import annotations

import pytest

from core.eval.published.judge import Judged, Pair, Side
from core.eval.published.win_rate import by_cluster, win_figures


def judged(cluster: str, ab: Side | None, ba: Side | None) -> Judged:
    return Judged(Pair("clip", cluster, "", "", ""), ab, ba)


def test_votes_pairs_and_what_was_not_judged() -> None:
    rows = [judged("x", "A", "A"), judged("x", "A", "B"), judged("y", "B", "B"), judged("y", "A", None)]
    found = {name: record["value"] for name, record in win_figures(rows, "f").items()}
    third = pytest.approx(1 / 3)
    assert found == {
        "f_judged": 3, "f_unjudged": 1, "f_win_rate": 0.5, "f_wins": third, "f_ties": third, "f_losses": third
    }  # fmt: skip


def test_nothing_judged_has_no_win_rate() -> None:
    assert set(win_figures([judged("x", None, "A")], "f")) == {"f_judged", "f_unjudged"}


def test_the_interval_is_over_videos_where_there_are_several() -> None:
    apart = [judged(f"v{n % 2}", *(("A", "A") if n % 2 else ("B", "B"))) for n in range(40)]
    win_rate = win_figures(apart, "f")["f_win_rate"]
    assert (win_rate["low"], win_rate["value"], win_rate["high"]) == (0.0, 0.5, 1.0), "two videos say little"
    mixed = [judged("v", *(("A", "A") if n % 2 else ("B", "B"))) for n in range(40)]
    win_rate = win_figures(mixed, "f")["f_win_rate"]
    assert 0.3 < win_rate["low"] < 0.45 < 0.55 < win_rate["high"] < 0.7, "one video: over its pairs"


def test_the_published_summary() -> None:
    rows = [judged("x", "A", "A"), judged("x", "A", "B"), judged("y", "B", "B")]
    assert by_cluster(rows) == {
        "x": {"A": 3, "B": 1, "win_rate_A": 0.75, "win_rate_B": 0.25},
        "y": {"A": 0, "B": 2, "win_rate_A": 0.0, "win_rate_B": 1.0},
        "global": {"A": 3, "B": 3, "win_rate_A": 0.5, "win_rate_B": 0.5},
    }
