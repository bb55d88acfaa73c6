"""A pool of simulated matches, and the chunks of commentary drawn from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from core.programmes.football.event import OF_NOBODY
from core.programmes.football.finish import MOST_GOALS
from core.programmes.football.fixture import Fixture
from core.programmes.football.pitch import FIGURES
from core.programmes.football.reading import mentions, parse_score
from core.programmes.football.scene import NET_ROWS, ROWS, primitives
from core.programmes.football.simulator import Match
from core.train.augmentation import draw_augmentation
from core.train.bundled_config import FPS, FRAMES_PER_ROUND
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN, ChunkEncoder
from core.train.football.caption_layers import draw_captions
from core.train.football.corruption import corrupt_answer, drop_lines
from core.train.football.match_commentary import MatchCommentary, mark_derivable
from core.train.football.painter import GROUP
from core.train.sample import Answer, EarlierLine, TrainingSample

MATCHES = 8
FIRST_MATCH_S = (60.0, 700.0)  # of the first ones, which a worker waits for
MATCH_S = (120.0, 1500.0)
SHORT_SHARE = 0.5  # of the matches: their halves are short, and a new match begins every few minutes
SHORT_HALF_S = (25.0, 110.0)
SIMULATE_S_PER_CHUNK = 6.0
EARLY_ROUNDS = 250
LATEST_ROUNDS = 600  # what can still be in `previous text`
SETTLED_S = 45  # since a match began, which is not told of then
LATE_ROUNDS = 90
MOVED_LINES = 17
FEW_MOVED_LINES = 5
FEW_MOVED_SHARE = 0.4  # lines in front of a chunk that were said in rounds, at most
OPENING_SHARE = 0.25
KICK_OFF_SHARE = 0.25
GOAL_SHARE = 0.35  # of the chunks that go on: a goal is in them or just before
BREAK_SHARE = 0.4  # the same, of the end of a half or the kick-off of a match
OTHER_SCORE_SHARE = 0.5
GOALS_AHEAD = 2.0  # mean of a team's, exponential
BOARD_SHARE = 0.5
SLIP_SHARE = 0.15  # of the chunks with a scoreboard: what was said last is not what it shows
SLIP_GOALS = 2
SLIP_LINES = 3  # the last ones with a score, at most, that tell it wrongly
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
        seed = int(self._rng.integers(self._seeds.start, self._seeds.stop))
        short = self._rng.random() < SHORT_SHARE
        return Match(seed, True, SHORT_HALF_S) if short else Match(seed, True)

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
        board = rng.random() < BOARD_SHARE
        first_round = 0 if kick_off else self._first_round(match, phase, anywhere=opening)
        commentary = self._commentary(match, fixture, phase, first_round, opening, board)
        lines = [commentary.at(first_round + number) for number in range(self.rounds)]
        clock = 0.0 if opening else self._clock(first_round)
        slip = board and rng.random() < SLIP_SHARE
        earlier = [] if opening else self._earlier(commentary, first_round, fixture, slip)
        answers = [Answer(text) for text in lines]
        if self._corruption:
            answers = corrupt_answer(answers, fixture, rng)
        as_text, told = self._divided(earlier, fixture)
        seen = [line.round for line in told[-PREFIX_ROUNDS_SEEN:]]
        surplus = [0] * (PREFIX_ROUNDS_SEEN - len(seen))
        starts = phase + first_round + np.array([*seen, *surplus, *range(self.rounds)], float)
        frames = {
            **self._drawn(match, fixture, starts, commentary if board else None),
            **draw_augmentation(rng, *self._backgrounds),
        }
        read = partial(mentions, fixture=fixture)
        return TrainingSample(fixture.context(), as_text, told, clock, answers, frames, read)

    def _first_round(self, match: Match, phase: float, anywhere: bool) -> int:
        """Where a chunk begins: anywhere, or so that there is a goal or a break in it or just before it."""
        last = int(match.end_s - phase - self.rounds)
        moments = [] if anywhere else [time for time in self._moments(match) if self.rounds + 1 < time < last]
        if moments:
            within = self._rng.uniform(-JUST_BEFORE_S, self.rounds - 0.5)
            return min(max(1, int(self._rng.choice(moments) - phase - within)), last - 1)
        return int(self._rng.integers(1, last))

    def _moments(self, match: Match) -> list[float]:
        """Times of the goals, or of the breaks' ends, or none."""
        pick = self._rng.random()
        if pick < GOAL_SHARE:
            return [event.time for event in match.events if event.kind == "goal"]
        if pick < GOAL_SHARE + BREAK_SHARE:
            begins = {event.number: event.time for event in reversed(match.events)}
            return [*(event.time for event in match.events if event.kind in OF_NOBODY), *begins.values()]
        return []

    def _commentary(
        self, match: Match, fixture: Fixture, phase: float, first_round: int, opening: bool, board: bool
    ) -> MatchCommentary:
        """A stream that begins in the middle of a match counts the goals from there, unless it sees a scoreboard. In
        half of the others that have gone on for a while more goals fell, if what was said of late tells the score."""
        style = int(self._rng.integers(1 << 30))
        began = MatchCommentary(match, fixture, phase, style)
        number = began.number_at(first_round)
        if opening:
            a, b = (0, 0) if board else began.score_before(first_round)
            return MatchCommentary(match, fixture, phase, style, first_round, (-a, -b), number)
        settled = first_round - began.begins(number) > SETTLED_S
        if not settled or self._rng.random() > OTHER_SCORE_SHARE:
            return began.with_lead((0, 0), number)
        ahead = self._rng.exponential(GOALS_AHEAD, 2)
        a, b = (int(min(n, MOST_GOALS - goals)) for n, goals in zip(ahead, began.most_goals(number), strict=True))
        later = began.with_lead((a, b), number)
        late = later.between(first_round - LATE_ROUNDS, first_round)
        told = any(parse_score(text, fixture) for _, text in late)
        return later if told else began.with_lead((0, 0), number)

    def _clock(self, first_round: int) -> float:
        """Stream seconds at the chunk's start: true, or hours into a stream."""
        if first_round == 0 or self._rng.random() < 0.5:
            return float(first_round)
        return float(first_round + int(self._rng.uniform(1.0, 20_000.0)))

    def _earlier(
        self, commentary: MatchCommentary, first_round: int, fixture: Fixture, slip: bool
    ) -> list[EarlierLine]:
        """Everything commentary before; far earlier lines that would be trimmed anyway are left out.

        Args:
            slip: the last lines tell another score than the answers, which follow a scoreboard.
        """
        early = max(0, min(first_round - LATE_ROUNDS, EARLY_ROUNDS))
        late = max(early, first_round - LATEST_ROUNDS)
        if any(commentary.lead):
            late = max(late, commentary.begins(commentary.number) + 1)
        texts = commentary.between(late, first_round)
        if slip:
            texts = self._with_slip(commentary, texts, first_round, fixture)
        texts = commentary.between(0, early, plain=True) + texts
        lines = [EarlierLine(number - first_round, text) for number, text in texts]
        return drop_lines(lines, fixture, self._rng) if self._corruption else lines

    def _with_slip(
        self, commentary: MatchCommentary, texts: list[tuple[int, str]], first_round: int, fixture: Fixture
    ) -> list[tuple[int, str]]:
        """The lines, of which the last few tell a wrong score."""
        telling = [number for number, text in texts if parse_score(text, fixture)][-SLIP_LINES:]
        if not telling:
            return texts
        since = int(self._rng.choice(telling))
        a, b = (int(n + self._rng.integers(-SLIP_GOALS, SLIP_GOALS + 1)) for n in commentary.lead)
        wrong = commentary.with_lead((a, b), commentary.number).between(since, first_round)
        return [*(told for told in texts if told[0] < since), *wrong]

    def _divided(self, earlier: Sequence[EarlierLine], fixture: Fixture) -> tuple[list[str], list[EarlierLine]]:
        """The first lines as text that stands there from the start, and the last ones as said in rounds.

        A memory that is restored, and a context that is recomputed, are text for the most part.
        """
        few = self._rng.random() < FEW_MOVED_SHARE
        moved = int(self._rng.integers(FEW_MOVED_LINES + 1)) if few else MOVED_LINES
        as_text = max(0, len(earlier) - moved)
        return [line.text for line in earlier[:as_text]], mark_derivable(earlier[as_text:], fixture, begun=not as_text)

    def _drawn(
        self, match: Match, fixture: Fixture, starts: np.ndarray, told: MatchCommentary | None
    ) -> dict[str, np.ndarray]:
        """The ellipses and the captions of the rounds that start at these seconds; a scoreboard, if any, as told."""
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
        if told is not None:
            more = np.where((samples.number == told.number)[:, None], told.lead, 0)
            samples = replace(samples, score=np.clip(samples.score + more, 0, MOST_GOALS))
        return {"rows": rows, **draw_captions(samples, fixture, board=told is not None)}
