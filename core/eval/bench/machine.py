"""Section `machine`: what the device can do at all."""

from __future__ import annotations

from collections.abc import Iterator

from core.eval.bench.bench import Bench
from core.eval.bench.figure import Figure


def figures(bench: Bench) -> Iterator[Figure]:
    """Copy bandwidth and matrix rate."""
    return bench.roofline.figures()
