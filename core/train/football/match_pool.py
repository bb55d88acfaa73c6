"""A pool of simulated matches, and the chunks of commentary drawn from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial

import numpy as np

from core.programmes.football.commentator import Commentator
from core.programmes.football.event import MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.football.pitch import FIGURES
from core.programmes.football.reading import mentions, parse, parse_score
from core.programmes.football.scene import NET_ROWS, ROWS, primitives
from core.programmes.football.simulator import Match
from core.programmes.programme import EARLY_S
from core.train.augmentation import draw_augmentation
from core.train.bundled_config import FPS, FRAMES_PER_ROUND
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN, ChunkEncoder
from core.train.football.caption_layers import draw_captions
from core.train.football.corruption import corrupt_answer, drop_lines
from core.train.football.painter import GROUP
from core.train.sample import Answer, EarlierLine, TrainingSample

MATCHES = 8
FIRST_MATCH_S = (60.0, 700.0)  # of the first ones, which a worker waits for
MATCH_S = (120.0, 1500.0)
SIMULATE_S_PER_CHUNK = 6.0
EARLY_ROUNDS = 200
LATEST_ROUNDS = 480  # what can still be in `previous text`
SETTLED_S = 150
LATE_ROUNDS = 90
MOVED_LINES = 17
FEW_MOVED_LINES = 5
FEW_MOVED_SHARE = 0.4  # lines in front of a chunk that were said in rounds, at most
OPENING_SHARE = 0.25
KICK_OFF_SHARE = 0.25
GOAL_SHARE = 0.5
OTHER_SCORE_SHARE = 0.5
GOALS_AHEAD = 3.0  # mean of a team's, exponential
MOST_AHEAD = 25.0
JUST_BEFORE_S = 6.0  # a score said just before a chunk has just moved: it was misread there
JITTER_S = (-0.01, 0.035)
FLOOR_ROWS = NET_ROWS + FIGURES + 1  # rows of the scene in front of the figures
FLOOR_ROOM = -(-FLOOR_ROWS // GROUP) * GROUP
PAINTED_ROWS = FLOOR_ROOM + ROWS - FLOOR_ROWS


class MatchPool:
    """Keeps a few matches at hand and replaces them steadily.

    Attributes:
        rounds: one-second rounds in a chunk.
    """

    def __init__(
        self,
        encoder: ChunkEncoder,
        rng: np.random.Generator,
        seeds: range,
        rounds: int,
        backgrounds: tuple[int, int],
        corruption: bool = True,
    ) -> None:
        """`backgrounds`: how many empty grounds and how many desktops the painter has."""
        self.rounds = rounds
        self._encoder = encoder
        self._rng = rng
        self._seeds = seeds
        self._corruption = corruption
        self._backgrounds = backgrounds
        self._matches = [self._simulated(rounds + rng.uniform(*FIRST_MATCH_S)) for _ in range(MATCHES)]
        self._growing = self._new()
        self._goal_s = rng.uniform(*MATCH_S)

    def _new(self) -> Match:
        return Match(int(self._rng.integers(self._seeds.start, self._seeds.stop)), keep=True)

    def _simulated(self, seconds: float) -> Match:
        match = self._new()
        match.advance(seconds)
        return match

    def _grow(self) -> None:
        """Simulate on; a finished match takes the place of a random one."""
        self._growing.advance(SIMULATE_S_PER_CHUNK)
        if self._growing.end_s >= self._goal_s + self.rounds:
            self._matches[self._rng.integers(len(self._matches))] = self._growing
            self._growing = self._new()
            self._goal_s = self._rng.uniform(*MATCH_S)

    def draw(self) -> TrainingSample:
        """A random chunk of a random match."""
        self._grow()
        rng = self._rng
        match = self._matches[rng.integers(len(self._matches))]
        fixture = Fixture(int(rng.integers(1 << 40)))
        phase = 0.0 if rng.random() < 0.3 else rng.uniform(0, 1)
        opening = rng.random() < OPENING_SHARE
        kick_off = opening and rng.random() < KICK_OFF_SHARE
        first_round = 0 if kick_off else self._first_round(match, phase, goal=not opening and rng.random() < GOAL_SHARE)
        commentary = self._commentary(match, fixture, phase, first_round, opening)
        lines = [commentary.at(first_round + number) for number in range(self.rounds)]
        clock = 0.0 if opening else self._clock(first_round)
        earlier = [] if opening else self._earlier(commentary, first_round, fixture)
        answers = [Answer(text) for text in lines]
        if self._corruption:
            answers = corrupt_answer(answers, fixture, rng)
        as_text, told = self._divided(earlier, fixture)
        seen = [line.round for line in told[-PREFIX_ROUNDS_SEEN:]]
        surplus = [0] * (PREFIX_ROUNDS_SEEN - len(seen))
        starts = phase + first_round + np.array([*seen, *surplus, *range(self.rounds)], float)
        frames = {**self._drawn(match, fixture, starts), **draw_augmentation(rng, *self._backgrounds)}
        read = partial(mentions, fixture=fixture)
        return TrainingSample(fixture.context(), as_text, told, clock, answers, frames, read)

    def _first_round(self, match: Match, phase: float, goal: bool) -> int:
        """Where a chunk begins: anywhere, or so that there is a goal in it or just before it."""
        last = int(match.end_s - phase - self.rounds)
        goals = [event.time for event in match.events if event.kind == "goal" and event.time > self.rounds + 1]
        if goal and goals:
            within = self._rng.uniform(-JUST_BEFORE_S, self.rounds - 0.5)
            return min(max(1, int(self._rng.choice(goals) - phase - within)), last - 1)
        return int(self._rng.integers(1, last))

    def _commentary(
        self, match: Match, fixture: Fixture, phase: float, first_round: int, opening: bool
    ) -> MatchCommentary:
        """A stream that begins in the middle of a match counts the goals from there. Half of the others that have
        gone on for a while are hours old, if what was said of late tells the score."""
        style = int(self._rng.integers(1 << 30))
        began = MatchCommentary(match, fixture, phase, style)
        if opening:
            a, b = began.score_before(first_round)
            return MatchCommentary(match, fixture, phase, style, first_round, (-a, -b), began.number_at(first_round))
        if first_round < SETTLED_S or self._rng.random() > OTHER_SCORE_SHARE:
            return began
        lead = self._rng.exponential(GOALS_AHEAD, 2).clip(max=MOST_AHEAD).astype(int)
        number = began.number_at(first_round - LATE_ROUNDS)
        later = MatchCommentary(match, fixture, phase, style, 0, (int(lead[0]), int(lead[1])), number)
        late = later.between(first_round - LATE_ROUNDS, first_round)
        return later if any(parse_score(text, fixture) for _, text in late) else began

    def _clock(self, first_round: int) -> float:
        """Stream seconds at the chunk's start: true, or hours into a stream."""
        if first_round == 0 or self._rng.random() < 0.5:
            return float(first_round)
        return float(first_round + int(self._rng.uniform(1.0, 20_000.0)))

    def _earlier(self, commentary: MatchCommentary, first_round: int, fixture: Fixture) -> list[EarlierLine]:
        """Everything commentary before; far earlier lines that would be trimmed anyway are left out."""
        early = max(0, min(first_round - LATE_ROUNDS, EARLY_ROUNDS))
        late = max(early, first_round - LATEST_ROUNDS)
        texts = commentary.between(0, early, plain=True) + commentary.between(late, first_round)
        lines = [EarlierLine(number - first_round, text) for number, text in texts]
        return drop_lines(lines, fixture, self._rng) if self._corruption else lines

    def _divided(self, earlier: Sequence[EarlierLine], fixture: Fixture) -> tuple[list[str], list[EarlierLine]]:
        """The first lines as text that stands there from the start, and the last ones as said in rounds.

        A memory that is restored, and a context that is recomputed, are text for the most part.
        """
        few = self._rng.random() < FEW_MOVED_SHARE
        moved = int(self._rng.integers(FEW_MOVED_LINES + 1)) if few else MOVED_LINES
        as_text = max(0, len(earlier) - moved)
        return [line.text for line in earlier[:as_text]], mark_derivable(earlier[as_text:], fixture, begun=not as_text)

    def _drawn(self, match: Match, fixture: Fixture, starts: np.ndarray) -> dict[str, np.ndarray]:
        """The ellipses and the captions of the rounds that start at these seconds."""
        count = len(starts) * FRAMES_PER_ROUND
        times = (starts[:, None] + np.arange(FRAMES_PER_ROUND) / FPS).flatten()
        times += self._rng.uniform(*JITTER_S, count)
        mirrored = bool(self._rng.random() < 0.5)
        samples = match.sample(np.maximum(times, 0.0))
        drawn = primitives(samples, fixture, mirrored)
        rows = np.zeros((count, PAINTED_ROWS, drawn.shape[2]), np.float32)
        rows[..., 2:4] = 1.0
        rows[..., 5] = 1.0
        rows[:, :FLOOR_ROWS] = drawn[:, :FLOOR_ROWS]
        rows[:, FLOOR_ROOM:] = drawn[:, FLOOR_ROWS:]
        return {"rows": rows, **draw_captions(samples, fixture, board=False)}


class MatchCommentary:
    """What a commentator says of a match in each round; the same each time it is asked.

    Args:
        style: decides the wording.
        first_round: the commentator knows nothing of what was before.
        lead: goals by which the scores of match `number` lie higher, apart from the stream's first lines: a stream may
            have begun in the middle of it, and more goals may have been scored.
    """

    def __init__(
        self,
        match: Match,
        fixture: Fixture,
        phase: float,
        style: int,
        first_round: int = 0,
        lead: tuple[int, int] = (0, 0),
        number: int = 0,
    ) -> None:
        self._lead = lead
        self._number = number
        self._fixture = fixture
        self._phase = phase
        self._style = style
        self._events = [event for event in match.events if self._round(event) >= first_round]

    def _round(self, event: MatchEvent) -> int:
        return int(np.ceil(event.time - self._phase - EARLY_S - 1e-9))

    def at(self, number: int) -> str:
        """The line of round `number`, "" for silence."""
        return self._lines.get(number, "")

    def between(self, first: int, last: int, plain: bool = False) -> list[tuple[int, str]]:
        """Round and line of the rounds first .. last - 1, silence left out. `plain`: the scores as they are."""
        lines = self._plain_lines if plain else self._lines
        return [(number, text) for number, text in lines.items() if first <= number < last]

    def score_before(self, number: int) -> tuple[int, int]:
        """The true score when round `number` begins."""
        return next((event.score for event in self._back_from(number)), (0, 0))

    def number_at(self, number: int) -> int:
        """Which match is on when round `number` begins."""
        return next((event.number for event in self._back_from(number)), 0)

    def _back_from(self, number: int) -> Iterator[MatchEvent]:
        return (event for event in reversed(self._events) if self._round(event) < number)

    @cached_property
    def _plain_lines(self) -> dict[int, str]:
        return self._told(self._events)

    @cached_property
    def _lines(self) -> dict[int, str]:
        return self._told([self._shifted(event) for event in self._events]) if any(self._lead) else self._plain_lines

    def _told(self, events: Sequence[MatchEvent]) -> dict[int, str]:
        """Line by round, in order."""
        commentator = Commentator(self._fixture, self._style)
        lines: dict[int, str] = {}
        for event in events:
            number = self._round(event)
            before = f"{lines[number]} " if number in lines else ""
            lines[number] = before + commentator.tell(event)
        return lines

    def _shifted(self, event: MatchEvent) -> MatchEvent:
        if event.number != self._number:
            return event
        a, b = event.score
        return replace(event, score=(a + self._lead[0], b + self._lead[1]))


def mark_derivable(lines: Sequence[EarlierLine], fixture: Fixture, begun: bool) -> list[EarlierLine]:
    """The lines, those marked whose score is the last one told, counted on by their own goal if they tell of one; a
    match that begins after full time does so at nothing.

    Args:
        begun: the stream begins with these lines, at nothing.
    """
    score = (0, 0) if begun else None
    marked = []
    for told in lines:
        now = parse_score(told.text, fixture)
        if now:
            said = parse(told.text, fixture)
            goals = [mention.who for mention in said if mention.kind == "goal"]
            follows = score and now == tuple(score[team] + goals.count(fixture.names[team]) for team in (0, 1))
            told = replace(told, derivable=bool(follows))
            score = (0, 0) if any(mention.kind == "full-time" for mention in said) else now
        marked.append(told)
    return marked
