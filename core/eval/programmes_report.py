"""The report of `eval programmes`: each programme's tables, its kinds of events, its hours, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.eval import metrics
from core.eval.metrics import Counts
from core.eval.programmes import ALL
from core.eval.report import Report
from core.eval.report_charts import Bar, Series, bars, curves
from core.programmes.catalogue import find

Episodes = Sequence[Mapping[str, Counts]]
SHARES: dict[str, Callable[[Counts], float]] = {
    "event F1": metrics.f1,
    "who right": metrics.who_right,
    "facts right": metrics.facts_right,
}


def report(command: str, watched: Mapping[str, Episodes], figures: Mapping[str, Mapping[str, Any]]) -> Report:
    """The whole page.

    Args:
        watched: counts of each episode, by programme. figures: of all of them, by their full names.
    """
    page = Report("Programmes: commentary on held-out episodes", command)
    page.paragraph(
        "The model watches each episode from its beginning and on its own. A line is right about an event of its kind "
        "within a second of the start of the line's round; intervals are bootstraps over whole episodes (95 %)."
    )
    for name, episodes in watched.items():
        page.heading(name)
        page.figures({key: record for key, record in figures.items() if key.startswith(f"{name}_")})
        for chart in _charts(name, episodes):
            page.picture(chart)
    return page


def _charts(name: str, episodes: Episodes) -> list[str]:
    kinds = find(name).kinds
    speech = [_bar("words a minute", episodes, ALL, metrics.words_per_minute)]
    if not kinds:
        return [bars("Rounds silent", [_bar(name, episodes, ALL, metrics.silent)], "share"), bars("Speech", speech)]
    speech.append(_bar("repeats an hour", episodes, ALL, metrics.repeats_per_hour))
    rows = (ALL, *kinds)
    charts = [
        bars("Event F1 within 1 s", [_bar(kind, episodes, kind, metrics.f1) for kind in rows], "share"),
        bars("Who named right", [_bar(kind, episodes, kind, metrics.who_right) for kind in rows], "share"),
        bars("Speech", speech),
    ]
    return charts + _by_hour(episodes)


def _bar(label: str, episodes: Episodes, key: str, figure: Callable[[Counts], float]) -> Bar:
    samples = [episode[key] for episode in episodes]
    low, high = metrics.interval(samples, figure)
    return Bar(label, figure(sum(samples, Counts())), low, high)


def _by_hour(episodes: Episodes) -> list[str]:
    """Curves over the hours; none where no episode is longer than one."""
    hours = sorted(
        {int(key.removeprefix("hour ")) for episode in episodes for key in episode if key.startswith("hour ")}
    )
    if not hours:
        return []
    sums = {hour: sum((e[f"hour {hour}"] for e in episodes if f"hour {hour}" in e), Counts()) for hour in hours}
    series = [Series(label, tuple((h, figure(sums[h])) for h in hours)) for label, figure in SHARES.items()]
    return [curves("By the hour", "hour", series, most_y=1.05)]
