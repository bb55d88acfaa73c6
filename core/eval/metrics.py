"""How good a commentary was: what was said against what happened. Pure functions over plain records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from core.messages import Line
from core.programmes.programme import EARLY_S, Event, Mention

TOLERANCE_S = 1.0
"""A line is right about an event that lies at most so far from the start of the line's round."""
QUIET_S = 2.0
"""What is said further than this from every event is a false alarm."""
REPEAT_S = 120.0
SECONDS_PER_MINUTE = 60.0
_EPSILON_S = 1e-6


@dataclass(frozen=True, slots=True)
class Claim:
    """What one line says of an event, or of facts alone (kind ""): `time` is the start of the line's round."""

    time: float
    kind: str = ""
    who: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over watched time; counts of several episodes add up.

    Attributes:
        events: what happened. claims: events that lines name. hits: pairs of the two, same kind, within TOLERANCE_S.
        named, named_right: hits whose line names somebody, and the right one.
        facts, facts_right: facts told, and told rightly.
        false_alarms: claims with no event of any kind within QUIET_S. quiet_s: seconds with no event within QUIET_S.
        rounds, silent: rounds watched, and those without a word.
        empty, empty_silent: rounds in which no event is to be told, and those of them without a word.
        words, repeats: words said, and sentences said again word for word within REPEAT_S.
        picture_tokens, compute_s: the vision tokens that the rounds kept and the seconds they took.
    """

    events: int = 0
    claims: int = 0
    hits: int = 0
    named: int = 0
    named_right: int = 0
    facts: int = 0
    facts_right: int = 0
    false_alarms: int = 0
    quiet_s: float = 0.0
    rounds: int = 0
    silent: int = 0
    empty: int = 0
    empty_silent: int = 0
    words: int = 0
    repeats: int = 0
    picture_tokens: int = 0
    compute_s: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def claims_of(lines: Iterable[Line], mentions: Callable[[str], Sequence[Mention]]) -> list[Claim]:
    """What the lines say."""
    return [Claim(line.start, m.kind, m.who, m.facts) for line in lines for m in mentions(line.text)]


def pair(events: Sequence[Event], claims: Sequence[Claim], tolerance_s: float = TOLERANCE_S) -> list[tuple[int, int]]:
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


def count_events(
    events: Sequence[Event],
    claims: Sequence[Claim],
    span_s: tuple[float, float],
    kind: str = "",
    part_s: tuple[float, float] | None = None,
) -> Counts:
    """Counts of one episode watched from `span_s[0]` to `span_s[1]`; of one kind of event when `kind` is given.

    A fact is right when it is as it was after the event its claim was paired with, or, for a claim paired with none, as
    it is at the claim's time.

    Args:
        part_s: only what was said, and what happened, in [start, end) counts; an event that was told counts where it
            was told. None: all of the span.
    """
    start, end = part_s or (-np.inf, np.inf)
    kinds = [kind] if kind else sorted({e.kind for e in events} | {c.kind for c in claims if c.kind})
    found: dict[int, Event] = {}
    for one in kinds:
        mine = [e for e in events if e.kind == one]
        where = [i for i, c in enumerate(claims) if c.kind == one]
        found |= {where[c]: mine[e] for e, c in pair(mine, [claims[i] for i in where])}
    told = {id(event) for event in found.values()}
    missed = [e for e in events if e.kind in kinds and id(e) not in told]
    inside = {i: c for i, c in enumerate(claims) if start <= c.time < end}
    found = {i: event for i, event in found.items() if i in inside}
    claimed = [c for c in inside.values() if c.kind in kinds]
    facts = [
        value == (found[i].facts if i in found else facts_at(events, c.time + EARLY_S)).get(name)
        for i, c in inside.items()
        if c.kind == kind or not kind
        for name, value in c.facts.items()
    ]
    return Counts(
        events=len(found) + sum(start <= e.time < end for e in missed),
        claims=len(claimed),
        hits=len(found),
        named=sum(bool(claims[i].who) for i in found),
        named_right=sum(claims[i].who == e.who for i, e in found.items() if claims[i].who),
        facts=len(facts),
        facts_right=sum(facts),
        false_alarms=sum(not _near(events, c.time) for c in claimed),
        quiet_s=quiet_seconds(events, (max(span_s[0], start), min(span_s[1], end))),
    )


def _near(events: Iterable[Event], time: float) -> bool:
    return any(abs(time - e.time) <= QUIET_S + _EPSILON_S for e in events)


def facts_at(events: Iterable[Event], time: float) -> Mapping[str, str]:
    """The facts that hold at a time: those of the last event at or before it."""
    past = [e for e in events if e.time <= time + _EPSILON_S]
    return max(past, key=lambda e: e.time).facts if past else {}


def quiet_seconds(events: Iterable[Event], span_s: tuple[float, float]) -> float:
    """Seconds inside the span that are further than QUIET_S from every event."""
    quiet = 0.0
    reached = span_s[0]
    for event in sorted(events, key=lambda e: e.time):
        quiet += max(0.0, min(event.time - QUIET_S, span_s[1]) - reached)
        reached = max(reached, event.time + QUIET_S)
    return quiet + max(0.0, span_s[1] - reached)


def count_words(lines: Sequence[Line], eventful: Callable[[float], bool]) -> Counts:
    """Rounds, silence, words and repeats. `eventful`: whether an event is to be told in the round that starts then."""
    empty = [line for line in lines if not eventful(line.start)]
    return Counts(
        rounds=len(lines),
        silent=sum(not line.text for line in lines),
        empty=len(empty),
        empty_silent=sum(not line.text for line in empty),
        words=sum(len(line.text.split()) for line in lines),
        repeats=_repeats(lines),
    )


def _repeats(lines: Iterable[Line]) -> int:
    """Sentences that were said word for word within REPEAT_S before."""
    last: dict[str, float] = {}
    repeats = 0
    for line in lines:
        for sentence in filter(None, re.split(r"(?<=[.!?])\s+", line.text.strip())):
            repeats += line.start - last.get(sentence, -np.inf) <= REPEAT_S
            last[sentence] = line.start
    return repeats


def precision(c: Counts) -> float:
    """Share of the claims that are true; 0 when nothing was claimed."""
    return _share(c.hits, c.claims)


def recall(c: Counts) -> float:
    """Share of the events that were told; 0 when nothing happened."""
    return _share(c.hits, c.events)


def f1(c: Counts) -> float:
    """Harmonic mean of precision and recall."""
    return _share(2 * c.hits, c.claims + c.events)


def who_right(c: Counts) -> float:
    """Share of the told events whose line names somebody that names the right one."""
    return _share(c.named_right, c.named)


def facts_right(c: Counts) -> float:
    """Share of the told facts that are right."""
    return _share(c.facts_right, c.facts)


def false_alarms_per_quiet_minute(c: Counts) -> float:
    """Events named out of thin air per minute in which nothing happened."""
    return _share(c.false_alarms * SECONDS_PER_MINUTE, c.quiet_s)


def silent(c: Counts) -> float:
    """Share of the rounds without a word."""
    return _share(c.silent, c.rounds)


def silence_kept(c: Counts) -> float:
    """Share of the rounds without a word among those in which nothing is to be told."""
    return _share(c.empty_silent, c.empty)


def words_per_minute(c: Counts) -> float:
    """Words said a minute; a round lasts a second."""
    return _share(c.words * SECONDS_PER_MINUTE, c.rounds)


def repeats_per_hour(c: Counts) -> float:
    """Sentences an hour that had been said word for word within two minutes before."""
    return _share(3600.0 * c.repeats, c.rounds)


def tokens_a_round(c: Counts) -> float:
    """Vision tokens kept of a round, on average."""
    return _share(c.picture_tokens, c.rounds)


def compute_a_round_s(c: Counts) -> float:
    """Seconds of computing a round, on average."""
    return _share(c.compute_s, c.rounds)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def interval(
    samples: Sequence[Counts], figure: Callable[[Counts], float], draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """95 % bootstrap interval of a figure over whole episodes (drawn with replacement).

    One episode tells nothing about the spread between episodes: its figure is returned twice.
    """
    if not samples:
        raise ValueError("an interval needs at least one episode")
    table = np.array([[getattr(m, f.name) for f in fields(m)] for m in samples], float)
    drawn = np.random.default_rng(seed).integers(0, len(samples), (draws, len(samples)))
    values = [figure(Counts(*row)) for row in table[drawn].sum(1)]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
