"""Win rates of pairwise judging, with ties and bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from core.eval.published.figures import figure
from core.eval.published.judge import Judged

DRAWS = 2000
Table = np.ndarray  # (clusters, 5): votes for A, votes for B, pairs won by A, tied, won by B


def win_figures(judged: Sequence[Judged], name: str) -> dict[str, dict[str, Any]]:
    """Figures of the first side of the pairs; only the counts where nothing was judged.

    `win_rate` is the share of its votes, two for each pair, as published; `wins`, `ties`, `losses` are shares of
    pairs. Intervals: 95 %, bootstrap over videos, or over pairs where all are of one video.
    """
    counted = [one for one in judged if one.winner]
    found = {
        f"{name}_judged": figure(float(len(counted)), "pairs", "higher"),
        f"{name}_unjudged": figure(float(len(judged) - len(counted)), "pairs", "lower"),
    }
    if not counted:
        return found
    drawn = _resampled(_table(counted))
    whole = _table(counted).sum(0)
    shares: dict[str, tuple[Callable[[Table], Any], Literal["lower", "higher"]]] = {
        "win_rate": (lambda t: t[..., 0] / (t[..., 0] + t[..., 1]), "higher"),
        "wins": (lambda t: t[..., 2] / t[..., 2:].sum(-1), "higher"),
        "ties": (lambda t: t[..., 3] / t[..., 2:].sum(-1), "lower"),
        "losses": (lambda t: t[..., 4] / t[..., 2:].sum(-1), "lower"),
    }
    for share, (of, better) in shares.items():
        low, high = np.percentile(of(drawn), [2.5, 97.5])
        found[f"{name}_{share}"] = figure(float(of(whole)), "share", better, float(low), float(high))
    return found


def by_cluster(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Votes and the published win rates of each video, and of all under "global"."""
    names = sorted({one.pair.cluster for one in judged})
    rows = {name: [one for one in judged if one.pair.cluster == name] for name in names} | {"global": list(judged)}
    return {name: _summary(rows[name]) for name in rows}


def _summary(judged: Sequence[Judged]) -> dict[str, float]:
    a = sum(one.votes[0] for one in judged)
    b = sum(one.votes[1] for one in judged)
    total = max(1, a + b)
    return {"A": a, "B": b, "win_rate_A": round(a / total, 4), "win_rate_B": round(b / total, 4)}


def _table(judged: Sequence[Judged]) -> Table:
    """A row for each video; for each pair where all are of one."""
    names = [one.pair.cluster for one in judged]
    keys = names if len(set(names)) > 1 else [str(number) for number in range(len(judged))]
    order = {key: row for row, key in enumerate(dict.fromkeys(keys))}
    table = np.zeros((len(order), 5))
    for key, one in zip(keys, judged, strict=True):
        table[order[key]] += (*one.votes, one.winner == "A", one.winner == "equal", one.winner == "B")
    return table


def _resampled(table: Table) -> Table:
    """(draws, 5): sums over rows drawn with replacement."""
    drawn = np.random.default_rng(0).integers(0, len(table), (DRAWS, len(table)))
    return np.asarray(table[drawn].sum(1))
