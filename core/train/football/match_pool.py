"""A pool of simulated matches, and the chunks of commentary drawn from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from core.programmes.football.commentator import line, mentions, parse, parse_score
from core.programmes.football.event import MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.football.pitch import FIGURES
from core.programmes.football.scene import NET_ROWS, ROWS, primitives
from core.programmes.football.simulator import Match
from core.programmes.programme import EARLY_S
from core.train.augmentation import draw_augmentation
from core.train.bundled_config import FPS, FRAMES_PER_ROUND, MAX_NEW_TOKENS
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN, ChunkEncoder
from core.train.football.corruption import corrupt_answer, drop_lines
from core.train.football.painter import GROUP
from core.train.sample import Answer, EarlierLine, TrainingSample

MATCHES = 8
MATCH_S = (60.0, 900.0)
SIMULATE_S_PER_CHUNK = 6.0
EARLY_ROUNDS = 120
LATEST_ROUNDS = 330  # what can still be in `previous text`
SETTLED_S = 150
LATE_ROUNDS = 90
MOVED_LINES = 17
FEW_MOVED_LINES = 5
FEW_MOVED_SHARE = 0.4  # lines in front of a chunk that were said in rounds, at most
OPENING_SHARE = 0.25
KICK_OFF_SHARE = 0.25
GOAL_SHARE = 0.5
OTHER_SCORE_SHARE = 0.5
JUST_BEFORE_S = 6.0  # a score said just before a chunk has just moved: it was misread there
JITTER_S = (-0.01, 0.035)
LONGEST_LINE = MAX_NEW_TOKENS - 4  # tokens
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
        self._matches = [self._simulated(rounds + rng.uniform(20.0, 120.0)) for _ in range(MATCHES)]
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
        frames = {"rows": self._rows(match, fixture, starts), **draw_augmentation(rng, *self._backgrounds)}
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
        commentary = MatchCommentary(match, fixture, phase, self._encoder, style)
        if opening:
            a, b = commentary.score_before(first_round)
            commentary.lead = -a, -b
            return commentary
        if first_round < SETTLED_S or self._rng.random() > OTHER_SCORE_SHARE:
            return commentary
        lead = self._rng.exponential(12.0, 2)
        commentary.lead = int(min(lead[0], 130)), int(min(lead[1], 130))
        late = commentary.between(first_round - LATE_ROUNDS, first_round)
        if not any(parse_score(text, fixture) for _, text in late):
            commentary.lead = 0, 0
        return commentary

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

    def _rows(self, match: Match, fixture: Fixture, starts: np.ndarray) -> np.ndarray:
        """The ellipses of the rounds that start at these seconds."""
        count = len(starts) * FRAMES_PER_ROUND
        times = (starts[:, None] + np.arange(FRAMES_PER_ROUND) / FPS).flatten()
        times += self._rng.uniform(*JITTER_S, count)
        mirrored = bool(self._rng.random() < 0.5)
        drawn = primitives(match.sample(np.maximum(times, 0.0)), fixture, mirrored)
        rows = np.zeros((count, PAINTED_ROWS, drawn.shape[2]), np.float32)
        rows[..., 2:4] = 1.0
        rows[..., 5] = 1.0
        rows[:, :FLOOR_ROWS] = drawn[:, :FLOOR_ROWS]
        rows[:, FLOOR_ROOM:] = drawn[:, FLOOR_ROWS:]
        return rows


class MatchCommentary:
    """What a commentator says of a match in each round; the same each time it is asked.

    Attributes:
        lead: goals by which all scores lie higher, apart from the stream's first lines: a stream may be hours old, or
            have begun in the middle of the match.
    """

    def __init__(self, match: Match, fixture: Fixture, phase: float, encoder: ChunkEncoder, style: int) -> None:
        self.lead = (0, 0)
        self._fixture = fixture
        self._phase = phase
        self._encoder = encoder
        self._style = style
        self._rounds: dict[int, list[MatchEvent]] = defaultdict(list)
        for event in match.events:
            self._rounds[int(np.ceil(event.time - phase - EARLY_S - 1e-9))].append(event)

    def at(self, number: int, plain: bool = False) -> str:
        """The line of round `number`, "" for silence. `plain`: the scores as they are."""
        events = self._rounds.get(number, [])
        if not events:
            return ""
        told = events if plain or not any(self.lead) else [self._shifted(event) for event in events]
        return self._phrase(told, self._phase + number)

    def between(self, first: int, last: int, plain: bool = False) -> list[tuple[int, str]]:
        """Round and line of the rounds first .. last - 1, silence left out."""
        texts = ((number, self.at(number, plain)) for number in sorted(self._rounds) if first <= number < last)
        return [(number, text) for number, text in texts if text]

    def score_before(self, number: int) -> tuple[int, int]:
        """The true score when round `number` begins."""
        told = [event for round_, events in self._rounds.items() if round_ < number for event in events]
        return max(told, key=lambda event: event.time).score if told else (0, 0)

    def _shifted(self, event: MatchEvent) -> MatchEvent:
        a, b = event.score
        return MatchEvent(event.time, event.kind, event.team, (a + self.lead[0], b + self.lead[1]))

    def _phrase(self, events: Sequence[MatchEvent], start_s: float) -> str:
        """One of the commentator's phrasings: short enough, and with the score where one has it and the moment allows.

        The score must come round often, since the text window forgets it.
        """
        wanted = any(event.kind in ("kick-off", "corner") for event in events)
        best = ""
        for attempt in range(8):
            text = line(events, self._fixture, start_s, self._style + attempt)
            if len(self._encoder.words(text)) > LONGEST_LINE:
                best = best or text
                continue
            best = text
            if not wanted or parse_score(text, self._fixture):
                break
        return best


def mark_derivable(lines: Sequence[EarlierLine], fixture: Fixture, begun: bool) -> list[EarlierLine]:
    """The lines, those marked whose score is the last one told, counted on by their own goal if they tell of one.

    Args:
        begun: the stream begins with these lines, at nothing.
    """
    score = (0, 0) if begun else None
    marked = []
    for told in lines:
        now = parse_score(told.text, fixture)
        if now:
            goals = [mention.who for mention in parse(told.text, fixture) if mention.kind == "goal"]
            follows = score and now == tuple(score[team] + goals.count(fixture.names[team]) for team in (0, 1))
            told = replace(told, derivable=bool(follows))
            score = now
        marked.append(told)
    return marked
