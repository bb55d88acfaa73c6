"""The report of the programmes."""

from core.eval.metrics import Counts
from core.eval.programmes import figures
from core.eval.programmes_report import report
from core.programmes.catalogue import find

FOOTBALL = find("football")


def episode(**more):
    counts = Counts(events=10, claims=10, hits=9, named=9, named_right=8, rounds=60, words=20, facts=4, facts_right=3)
    return dict.fromkeys(("all", *FOOTBALL.kinds, "fact score", *more.get("hours", ())), counts)


def test_long_episodes_have_a_curve_over_their_hours():
    page = report("c", {"football": [episode(hours=("hour 1", "hour 2"))]}, {}).html()
    assert "By the hour" in page
    assert page.count("<polyline") == 3
    assert "By the hour" not in report("c", {"football": [episode()]}, {}).html()


def test_each_programme_has_its_figures_and_charts():
    unknown = [{"all": Counts(rounds=50, silent=49)}]
    found = figures(FOOTBALL, [episode()], "direct") | figures(find("unknown"), unknown, "direct")
    page = report("c", {"football": [episode()], "unknown": unknown}, found).html()
    for shown in ("football_event_f1", "unknown_silent", "Rounds silent", "repeats an hour", "half-time"):
        assert shown in page
