"""How good a commentary was: what was said against what happened. Pure functions over plain records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

TOLERANCE_S = 2.0
SECONDS_PER_MINUTE = 60.0
_EPSILON_S = 1e-6


@dataclass(frozen=True, slots=True)
class Truth:
    """An event of the match: seconds of stream time, its kind, the acting team (0 or 1), the score after it."""

    time: float
    kind: str
    team: int
    score: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Claim:
    """What one line says: `time` is the end of the line's chunk; None where the line leaves a part open."""

    time: float
    kind: str | None = None
    team: int | None = None
    score: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over watched time; counts of several matches add up.

    Attributes:
        events: what happened. claims: lines that name an event. hits: pairs of the two, same kind, within 2 s.
        teams_right: hits that name the right team. scores, scores_right: scores told, and told rightly.
        false_alarms: claims with no event of any kind within 2 s. quiet_s: seconds with no event within 2 s.
        rounds, picture_tokens, compute_s: rounds watched, the vision tokens they kept and the seconds they took.
    """

    events: int = 0
    claims: int = 0
    hits: int = 0
    teams: int = 0
    teams_right: int = 0
    scores: int = 0
    scores_right: int = 0
    false_alarms: int = 0
    quiet_s: float = 0.0
    rounds: int = 0
    picture_tokens: int = 0
    compute_s: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def pair(events: Sequence[Truth], claims: Sequence[Claim], tolerance_s: float = TOLERANCE_S) -> list[tuple[int, int]]:
    """Largest set of (event, claim) index pairs of one kind whose times differ by at most the tolerance.

    Each is used once. With one tolerance for all, taking both lists in time order is the best matching.
    """
    order_e = sorted(range(len(events)), key=lambda i: events[i].time)
    order_c = sorted(range(len(claims)), key=lambda i: claims[i].time)
    pairs = []
    e = 0
    c = 0
    while e < len(order_e) and c < len(order_c):
        late = claims[order_c[c]].time - events[order_e[e]].time
        if abs(late) <= tolerance_s + _EPSILON_S:
            pairs.append((order_e[e], order_c[c]))
            e = e + 1
            c = c + 1
        elif late > 0:
            e += 1
        else:
            c += 1
    return pairs


def count(
    events: Sequence[Truth],
    claims: Sequence[Claim],
    span_s: tuple[float, float],
    kind: str | None = None,
    opening_score: tuple[int, int] = (0, 0),
) -> Counts:
    """Counts of one match watched from `span_s[0]` to `span_s[1]`; of one kind of event when `kind` is given.

    A score is right when it is the score after the event its line was paired with, or, for a line paired with
    none, the score at the line's time.
    """
    kinds = [kind] if kind else sorted({e.kind for e in events} | {c.kind for c in claims if c.kind})
    found: dict[int, Truth] = {}
    for one in kinds:
        mine = [e for e in events if e.kind == one]
        where = [i for i, c in enumerate(claims) if c.kind == one]
        found |= {where[c]: mine[e] for e, c in pair(mine, [claims[i] for i in where])}
    named = [c for c in claims if c.kind in kinds]
    told = [(i, c) for i, c in enumerate(claims) if c.score is not None and (kind is None or c.kind == kind)]
    return Counts(
        events=sum(e.kind in kinds for e in events),
        claims=len(named),
        hits=len(found),
        teams=sum(claims[i].team is not None for i in found),
        teams_right=sum(claims[i].team == e.team for i, e in found.items()),
        scores=len(told),
        scores_right=sum(
            c.score == (found[i].score if i in found else score_at(events, c.time, opening_score)) for i, c in told
        ),
        false_alarms=sum(not _near(events, c.time) for c in named),
        quiet_s=quiet_seconds(events, span_s),
    )


def _near(events: Iterable[Truth], time: float) -> bool:
    return any(abs(time - e.time) <= TOLERANCE_S + _EPSILON_S for e in events)


def score_at(events: Iterable[Truth], time: float, opening: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """The true score at a time: that of the last event at or before it."""
    past = [e for e in events if e.time <= time + _EPSILON_S]
    return max(past, key=lambda e: e.time).score if past else opening


def quiet_seconds(events: Iterable[Truth], span_s: tuple[float, float]) -> float:
    """Seconds inside the span that are further than the tolerance from every event."""
    quiet = 0.0
    reached = span_s[0]
    for event in sorted(events, key=lambda e: e.time):
        quiet += max(0.0, min(event.time - TOLERANCE_S, span_s[1]) - reached)
        reached = max(reached, event.time + TOLERANCE_S)
    return quiet + max(0.0, span_s[1] - reached)


def precision(c: Counts) -> float:
    """Share of the claims that are true; 0 when nothing was claimed."""
    return c.hits / c.claims if c.claims else 0.0


def recall(c: Counts) -> float:
    """Share of the events that were told; 0 when nothing happened."""
    return c.hits / c.events if c.events else 0.0


def f1(c: Counts) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * c.hits / (c.claims + c.events) if c.claims + c.events else 0.0


def team_right(c: Counts) -> float:
    """Share of the told events whose line names the right team."""
    return c.teams_right / c.teams if c.teams else 0.0


def score_right(c: Counts) -> float:
    """Share of the told scores that are right."""
    return c.scores_right / c.scores if c.scores else 0.0


def false_alarms_per_quiet_minute(c: Counts) -> float:
    """Events named out of thin air per minute in which nothing happened."""
    return c.false_alarms * SECONDS_PER_MINUTE / c.quiet_s if c.quiet_s else 0.0


def tokens_a_round(c: Counts) -> float:
    """Vision tokens kept of a round, on average."""
    return c.picture_tokens / c.rounds if c.rounds else 0.0


def compute_a_round_s(c: Counts) -> float:
    """Seconds of computing a round, on average."""
    return c.compute_s / c.rounds if c.rounds else 0.0


def interval(
    matches: Sequence[Counts], figure: Callable[[Counts], float], samples: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """95 % bootstrap interval of a figure over whole matches (drawn with replacement).

    One match tells nothing about the spread between matches: its figure is returned twice.
    """
    if not matches:
        raise ValueError("an interval needs at least one match")
    table = np.array([[getattr(m, f.name) for f in fields(m)] for m in matches], float)
    drawn = np.random.default_rng(seed).integers(0, len(matches), (samples, len(matches)))
    values = [figure(Counts(*row)) for row in table[drawn].sum(1)]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
