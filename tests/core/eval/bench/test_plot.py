"""Curves drawn as SVG."""

from xml.etree import ElementTree

from core.eval.bench import plot
from core.eval.bench.plot import Curve


def test_curves_stay_inside_their_panel():
    curves = [Curve("time | fps", "full", ((1.0, 0.1), (24.0, 30.0))), Curve("time | fps", "streaming", ((1.0, 0.2),))]
    root = ElementTree.fromstring(plot.svg(curves, 1.0))
    ys = [float(p.split(",")[1]) for line in root.findall(".//{*}polyline") for p in line.get("points").split()]
    assert all(0 <= y <= plot.PANEL[1] for y in ys)
