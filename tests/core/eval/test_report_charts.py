"""Charts: what is drawn stays inside the picture and is as long as it says."""

from xml.etree import ElementTree

import pytest

from core.eval.report_charts import HEIGHT, WIDTH, Bar, Series, bars, curves, plane, short


def drawn(svg, tag):
    return ElementTree.fromstring(svg).findall(f".//{{*}}{tag}")


def test_bars_are_in_proportion_and_show_their_spread():
    svg = bars("F1", [Bar("a", 0.5, 0.4, 0.6), Bar("b", 1.0, 1.0, 1.0, "other")], "share", goal=0.9)
    first, second = (float(r.get("width")) for r in drawn(svg, "rect"))
    assert second == pytest.approx(2 * first, abs=0.2)
    assert len({r.get("fill") for r in drawn(svg, "rect")}) == 2
    assert [p.get("class") for p in drawn(svg, "path")] == ["spread", "limit"]


def test_bars_of_nothing_are_nothing():
    assert [float(r.get("width")) for r in drawn(bars("none", [Bar("a", 0.0, 0.0, 0.0)]), "rect")] == [0.0]


def test_curves_and_their_names_stay_apart():
    svg = curves("score", "hour", [Series("a", ((1, 0.9), (2, 1.0))), Series("b", ((1, 0.2), (2, 1.0)))], 1.0)
    assert len(drawn(svg, "polyline")) == 2
    places = [float(t.get("y")) for t in drawn(svg, "text") if t.text in ("a", "b")]
    assert abs(places[0] - places[1]) >= 13
    ends = [p.split(",") for line in drawn(svg, "polyline") for p in line.get("points").split()]
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in ends)


def test_a_plane_has_points_and_no_curves():
    svg = plane("cost", "s", [Series("a", ((0.1, 0.9),))])
    assert len(drawn(svg, "circle")) == 1
    assert not drawn(svg, "polyline")


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (12345.6, "12,346"), (50.46, "50.5"), (0.98765, "0.988"), (0.0283, "0.0283")]
)
def test_numbers_are_short(value, text):
    assert short(value) == text
