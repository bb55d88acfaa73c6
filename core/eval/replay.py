"""A whole match watched by the real engine, free-running, and held against what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from core.engine.host import Host
from core.eval.metrics import Claim, Counts, Truth, count
from core.messages import Line, Stats
from core.programmes.football.commentator import parse, parse_score
from core.programmes.football.event import KINDS
from core.programmes.football.kit import Fixture
from core.programmes.football.programme import FootballEpisode
from core.programmes.football.simulator import Match
from core.programmes.programme import EARLY_S
from core.types import Chunk


@dataclass(frozen=True, slots=True)
class Showing:
    """A match about to be watched.

    Attributes:
        chunks: what the engine will see, by whatever road. fixture: who plays.
        match_start_s: match time at stream time 0; asked for after the last chunk, since a screen starts when it does.
    """

    seed: int
    fixture: Fixture
    chunks: Iterable[Chunk]
    match_start_s: Callable[[], float] = float


def direct(seed: int, seconds: int, fps: float, scoreboard: bool) -> Showing:
    """The arena's own pictures, one chunk a second, straight to the engine."""
    return Showing(seed, Fixture(seed), _arena_chunks(seed, seconds, fps, scoreboard))


def _arena_chunks(seed: int, seconds: int, fps: float, scoreboard: bool) -> Iterator[Chunk]:
    arena = FootballEpisode(seed, scoreboard)
    for second in range(seconds):
        frames = tuple(arena.frame(second + number / fps) for number in range(round(fps)))
        yield Chunk(second, float(second), second + 1.0, frames, 0.0)


def watch(
    host: Host,
    chunks: Iterable[Chunk],
    tell: Callable[[Line], None] = lambda line: None,
    note: Callable[[Stats], None] = lambda stats: None,
) -> list[Line]:
    """Every round's line, silent ones included; `tell` hears each as it comes, `note` what each round cost.

    The host must have been started.
    """
    lines = []
    for chunk in chunks:
        for message in host.step(chunk):
            if isinstance(message, Line):
                lines.append(message)
                tell(message)
            elif isinstance(message, Stats):
                note(message)
    return lines


def cost(rounds: Iterable[Stats]) -> Counts:
    """What the rounds of a match took, to be added to its counts."""
    return sum(
        (Counts(rounds=1, picture_tokens=s.grid_tokens - s.dropped_tokens, compute_s=s.compute_s) for s in rounds),
        Counts(),
    )


def claims(lines: Iterable[Line], fixture: Fixture) -> list[Claim]:
    """What the lines say. A score belongs to the event its line names last."""
    said = []
    for line in lines:
        mentions = parse(line.text, fixture)
        score = parse_score(line.text, fixture)
        teams = [fixture.names.index(mention.who) if mention.who else None for mention in mentions]
        said += [Claim(line.end, mention.kind, team) for mention, team in zip(mentions[:-1], teams, strict=False)]
        if mentions:
            said.append(Claim(line.end, mentions[-1].kind, teams[-1], score))
        elif score:
            said.append(Claim(line.end, score=score))
    return said


def truths(seed: int, first_s: float, last_s: float) -> list[Truth]:
    """Events of a match on the stream's clock, whose 0 is `first_s`; only those that the rounds seen could tell."""
    match = Match(seed, keep=True)
    match.advance_to(first_s + last_s)
    seen = (e for e in match.events if first_s < e.time <= first_s + last_s - 1 + EARLY_S)
    return [Truth(e.time - first_s, e.kind, e.team, e.score) for e in seen]


def judge(showing: Showing, lines: list[Line]) -> dict[str, Counts]:
    """Counts for each kind of event, and under "all" for all of them. Before the first goal the score is 0-0."""
    if not lines:
        raise ValueError("nothing was watched: no lines to judge")
    span = lines[0].start, lines[-1].end
    events = truths(showing.seed, showing.match_start_s(), span[1])
    events = [event for event in events if event.time > span[0]]
    said = claims(lines, showing.fixture)
    return {"all": count(events, said, span)} | {kind: count(events, said, span, kind) for kind in KINDS}
