"""Episodes watched by the real engine, free-running, and held against what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from core.engine.host import Host
from core.eval import metrics
from core.eval.episode_stream import EvalStream
from core.eval.metrics import Claim, Counts, claims_of, count_events, count_words
from core.messages import Line, Stats
from core.programmes.programme import EARLY_S, LATE_S, Event, Programme, in_round
from core.types import Chunk

HOUR_S = 3600.0
ALL = "all"
Figure = Callable[[Counts], float]
GOALS = {
    "football_event_f1": 0.97,
    "freedoom_event_f1": 0.85,
    "desktop_event_f1": 0.90,
    "football_who_right": 0.98,
    "freedoom_who_right": 0.90,
    "desktop_who_right": 0.95,
    "football_score_right": 0.95,
    "football_repeats_per_hour": 0.0,
    "unknown_silent": 0.98,
}
FALSE_ALARM_GOALS = {"direct": 0.1, "screen": 0.3, "window": 0.3, "programs": 0.3}
"""A quiet minute, by how the frames reach the model."""


def watch(
    host: Host,
    chunks: Iterable[Chunk],
    on_line: Callable[[Line], None] = lambda line: None,
    on_stats: Callable[[Stats], None] = lambda stats: None,
) -> list[Line]:
    """Every round's line, silent ones included; `on_line` gets each as it comes. The host must have been started."""
    lines = []
    for chunk in chunks:
        for message in host.step(chunk):
            if isinstance(message, Line):
                lines.append(message)
                on_line(message)
            elif isinstance(message, Stats):
                on_stats(message)
    return lines


def cost(rounds: Iterable[Stats]) -> Counts:
    """What the rounds of an episode took, to be added to its counts."""
    return sum(
        (Counts(picture_tokens=s.grid_tokens - s.dropped_tokens, compute_s=s.compute_s) for s in rounds), Counts()
    )


def score(programme: Programme, stream: EvalStream, lines: Sequence[Line]) -> dict[str, Counts]:
    """Counts under "all", of each kind of event, of each fact (`fact_key`), and of each hour of a longer episode.

    Only events that the rounds watched could tell count.
    """
    if not lines:
        raise ValueError("nothing was watched: no lines to score")
    span = lines[0].start, lines[-1].end
    events = watched_events(stream, lines)
    claims = claims_of(lines, stream.mentions)
    spoken = count_words(lines, lambda start: any(in_round(e.time, start) for e in events))
    counts = {ALL: count_events(events, claims, span) + spoken}
    counts |= {kind: count_events(events, claims, span, kind) for kind in programme.kinds}
    counts |= {fact_key(fact): count_events(events, _telling(claims, fact), span) for fact in programme.facts}
    long = span[1] - span[0] > HOUR_S
    return counts | (by_part(events, claims, span, "hour", HOUR_S) if long else {})


def watched_events(stream: EvalStream, lines: Sequence[Line]) -> list[Event]:
    """The events that the rounds of these lines could tell."""
    first = lines[0].start - LATE_S
    last = lines[-1].start + EARLY_S
    return [event for event in stream.events() if first < event.time <= last]


def fact_key(fact: str) -> str:
    """The key of a fact's counts; a kind of event may have the fact's name."""
    return f"fact {fact}"


def _telling(claims: Iterable[Claim], fact: str) -> list[Claim]:
    """The claims with that fact alone."""
    return [Claim(c.time, c.kind, c.who, {k: v for k, v in c.facts.items() if k == fact}) for c in claims]


def by_part(
    events: Sequence[Event], claims: Sequence[Claim], span: tuple[float, float], name: str, part_s: float
) -> dict[str, Counts]:
    """Counts of each stretch of `part_s` seconds of the span, under "NAME 1" and so on."""
    parts = range(int((span[1] - 1 - span[0]) // part_s) + 1)
    starts = [span[0] + part * part_s for part in parts]
    return {
        f"{name} {part + 1}": count_events(events, claims, span, part_s=(starts[part], starts[part] + part_s))
        for part in parts
    }


def table(programme: Programme, episodes: Sequence[dict[str, Counts]]) -> str:
    """Precision, recall and who for each kind of event, or how silent it stayed, for people."""
    if not programme.kinds:
        c = _total(episodes, ALL)
        return f"{programme.name:10} {c.silent} of {c.rounds} rounds silent\n"
    rows = [f"{programme.name:10} {'events':>7} {'told':>7} {'prec.':>7} {'recall':>7} {'F1':>7} {'who':>7}"]
    for kind in (ALL, *programme.kinds):
        c = _total(episodes, kind)
        columns = (metrics.precision, metrics.recall, metrics.f1, metrics.who_right)
        rows.append(f"{kind:10} {c.events:7} {c.claims:7} {' '.join(f'{column(c):7.3f}' for column in columns)}")
    return "\n".join(rows) + "\n"


def figures(programme: Programme, episodes: Sequence[dict[str, Counts]], via: str) -> dict[str, dict[str, Any]]:
    """The programme's figures by their full names, with 95 % bootstrap intervals over its episodes."""
    records = {}
    for name, key, figure, unit, better in _wanted(programme, episodes):
        samples = [episode[key] for episode in episodes if key in episode]
        low, high = metrics.interval(samples, figure)
        full = f"{programme.name}_{name}"
        goal = FALSE_ALARM_GOALS[via] if figure is metrics.false_alarms_per_quiet_minute else GOALS.get(full)
        value = figure(sum(samples, Counts()))
        records[full] = {"value": value, "unit": unit, "low": low, "high": high, "goal": goal, "better": better}
    return records


def _wanted(programme: Programme, episodes: Sequence[dict[str, Counts]]) -> list[tuple[str, str, Figure, str, str]]:
    """Name, key of the counts, figure, unit and which way is better, of every figure of a programme."""
    cost_figures: list[tuple[str, str, Figure, str, str]] = [
        ("picture_tokens_a_chunk", ALL, metrics.tokens_a_round, "tokens", "lower"),
        ("chunk_compute", ALL, metrics.compute_a_round_s, "s", "lower"),
    ]
    if not programme.kinds:
        return [("silent", ALL, metrics.silent, "share", "higher"), *cost_figures]
    hours = sorted({key for episode in episodes for key in episode if key.startswith("hour ")})
    return [
        ("event_f1", ALL, metrics.f1, "share", "higher"),
        ("event_precision", ALL, metrics.precision, "share", "higher"),
        ("event_recall", ALL, metrics.recall, "share", "higher"),
        ("who_right", ALL, metrics.who_right, "share", "higher"),
        *((f"{fact}_right", fact_key(fact), metrics.facts_right, "share", "higher") for fact in programme.facts),
        *((f"event_f1_{hour.replace(' ', '_')}", hour, metrics.f1, "share", "higher") for hour in hours),
        *((f"who_right_{hour.replace(' ', '_')}", hour, metrics.who_right, "share", "higher") for hour in hours),
        *((f"facts_right_{hour.replace(' ', '_')}", hour, metrics.facts_right, "share", "higher") for hour in hours),
        ("false_alarms_per_quiet_minute", ALL, metrics.false_alarms_per_quiet_minute, "1/min", "lower"),
        ("silence_kept", ALL, metrics.silence_kept, "share", "higher"),
        ("words_per_minute", ALL, metrics.words_per_minute, "1/min", "lower"),
        ("repeats_per_hour", ALL, metrics.repeats_per_hour, "1/h", "lower"),
        *cost_figures,
    ]


def _total(episodes: Sequence[dict[str, Counts]], key: str) -> Counts:
    return sum((episode[key] for episode in episodes), Counts())
