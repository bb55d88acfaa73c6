"""The recall task: short texts in the stream's format, without pictures, whose answers stand in the text itself.

A chunk tells who plays in which colour once and then uses it for many lines, and its goals are few, so a model can
learn the game well and still guess a name or lose count. Such a text asks for every name of made-up teams, or tells a
match on from lines said before, with more goals and sooner the next match. The loss looks at names and scores; of
goals and whistles at all words, since what a goal means ("level again") and who has won follow from the score.
What is missing between the text and the question (pictures, lines) is stood in for by a jump of the positions. Every
text is made up anew: some thousand that come back again and again are learnt by heart, and nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.programmes.football.commentator import Commentator
from core.programmes.football.event import OF_NOBODY, MatchEvent
from core.programmes.football.fixture import COLOURS, SURNAMES, TEAMS, Fixture
from core.programmes.football.reading import parse_score
from core.programmes.phrasebook import ORDINALS
from core.train.chunk_encoder import ChunkEncoder
from core.train.train_model import TrainModel

TOKENS = 352
MEASURED = 200
MAX_TEAMS = 4
MOST_BEFORE = 9  # lines behind the first score that have been said before
GOALS = 2.5  # mean of a team's at the beginning, exponential
MANY_GOALS = 10.0
MANY_SHARE = 0.2
MOST_GOALS = 26
WHISTLE_SHARE = 0.2  # of the events in open play
SHOT_S = 0.6  # a shot's end follows
APART_S = (5.0, 30.0)
JUMP = 1200  # positions
PAUSE = 60  # positions
OPEN_PLAY = ("shot", "shot", "foul", "corner")
NAMED = ("In {c}, {t}", "{C} {t}")
SHOT_ENDS = ("goal", "goal", "save", "wide")
FRONTS = ("In {c},", "{C}")
ENDINGS = (" kick off.", " shoot!", " send it wide.", " commit a foul.", " win a corner.", ".")
PREFACES = ("This is a football match.", "Football tonight.", "A match of football.")
ASKED = frozenset((*TEAMS, *SURNAMES, *ORDINALS[1:]))
WHOLE = frozenset(("goal", *OF_NOBODY))  # kinds of which every word is asked for
WORD = re.compile(r" ?[^ ]+")
Pieces = list[tuple[str, bool]]  # text, and whether it is asked for


@dataclass(frozen=True, slots=True)
class RecallBatch:
    """A batch of texts on a device.

    Attributes:
        ids: (texts, TOKENS) int64. positions: (3, texts, TOKENS) float32.
        at: (asked,) int64, flat places of the tokens in front of what is asked for. answers: (asked,) ids.
    """

    ids: Tensor
    positions: Tensor
    at: Tensor
    answers: Tensor

    def loss_and_accuracy(self, model: TrainModel) -> tuple[Tensor, Tensor]:
        """Mean cross-entropy of the answers, and the share that the model has right; both ()."""
        hidden = model.causal_hidden_states(model.decoder.embed(self.ids), self.positions)
        logits = model.logits(hidden.flatten(0, 1)[self.at])
        return F.cross_entropy(logits, self.answers), (logits.argmax(-1) == self.answers).float().mean()


class RecallTask:
    """Makes up batches of texts: an auxiliary loss beside that of the chunks.

    Attributes:
        count: texts beside a step's chunks; 0: none.
    """

    def __init__(self, encoder: ChunkEncoder, count: int, seed: int, device: torch.device) -> None:
        self.count = count
        self._device = device
        self._template = encoder.template
        self._rng = np.random.default_rng([11, seed])
        self._words: dict[str, tuple[int, ...]] = {}

    def loss(self, model: TrainModel) -> Tensor | None:
        """Of `count` new texts, (); None without any."""
        return self.batch(self.count).loss_and_accuracy(model)[0] if self.count else None

    @torch.no_grad()
    def measure(self, model: TrainModel) -> dict[str, float]:
        """`names`: the share of MEASURED new texts' answers that is right."""
        return {"names": float(self.batch(MEASURED).loss_and_accuracy(model)[1])}

    def names(self) -> list[int]:
        """Ids of all colours, teams and keepers that are one token."""
        coded = (self._template.encode(f" {name}") for name in (*COLOURS, *TEAMS, *SURNAMES))
        return [ids[0] for ids in coded if len(ids) == 1]

    def batch(self, count: int) -> RecallBatch:
        """`count` new texts; two of three tell a match and count goals."""
        ids = np.zeros((count, TOKENS), np.int64)
        positions = np.zeros((count, TOKENS), np.float32)
        asked: list[int] = []
        for number in range(count):
            tokens, places, questions = self._written(*(self._match_recall() if number % 3 else self._name_recall()))
            ids[number, : len(tokens)] = tokens
            positions[number, : len(tokens)] = places
            asked += [number * TOKENS + place for place in questions]
        at = torch.tensor(asked)
        flat = torch.from_numpy(ids).flatten()
        spread = torch.from_numpy(positions).to(self._device).expand(3, -1, -1)
        return RecallBatch(
            torch.from_numpy(ids).to(self._device), spread, (at - 1).to(self._device), flat[at].to(self._device)
        )

    def _written(self, previous: str, lines: Iterable[Pieces]) -> tuple[list[int], list[float], list[int]]:
        """Ids, positions and the places asked for; lines that find no room are left out."""
        special = self._template.special
        tokens = [token for span in self._template.opening(previous) for token in span.tokens]
        places = [float(n) for n in range(len(tokens))]
        asked = list[int]()
        position = len(tokens) + int(self._rng.integers(JUMP))
        for line in lines:
            turn = [special.im_start, *self._encode("user\nTime=7.0-8.0s"), special.im_end, special.newline]
            turn += [special.im_start, *self._encode("assistant\n")]
            questions: list[int] = []
            for text, is_asked in line:
                said = self._encode(text)
                questions += range(len(tokens) + len(turn), len(tokens) + len(turn) + len(said)) if is_asked else []
                turn += said
            turn += [*special.stop_mark, special.im_end, special.newline]
            if len(tokens) + len(turn) > TOKENS:
                break
            asked += questions
            tokens += turn
            places += [float(position + n) for n in range(len(turn))]
            position += len(turn) + int(self._rng.integers(9, PAUSE))
        return tokens, places, asked

    def _name_recall(self) -> tuple[str, Iterable[Pieces]]:
        """A made-up tournament and a line about each of its teams in a random order."""
        rng = self._rng
        count = int(rng.integers(2, MAX_TEAMS + 1))
        drawn = (rng.choice(list(pool), count, False) for pool in (COLOURS, TEAMS, SURNAMES))
        cast = [(str(c), str(t), str(k)) for c, t, k in zip(*drawn, strict=True)]
        told = [f"{rng.choice(NAMED).format(c=c, C=c.capitalize(), t=t)}{self._end()}" for c, t, _ in cast]
        told += [f"{t} keeper {k}{self._end()}" for _, t, k in cast]
        context = " ".join([str(rng.choice(PREFACES)), *rng.permutation(told)])
        return context, [self._line(*cast[n]) for n in rng.permutation(len(cast))]

    def _line(self, colour: str, team: str, keeper: str) -> Pieces:
        front = str(self._rng.choice(FRONTS)).format(c=colour, C=colour.capitalize())
        who = [(f" {front}", False), (f" {team}", True)]
        if self._rng.random() < 0.5:
            return [*who, (" keeper", False), (f" {keeper}", True), (" saves!", False)]
        return [*who, (str(self._rng.choice(ENDINGS)), False)]

    def _match_recall(self) -> tuple[str, Iterable[Pieces]]:
        """A match of which the first lines have been said before, and others to come; often the next match begins."""
        rng = self._rng
        fixture = Fixture(int(rng.integers(1 << 40)))
        commentator = Commentator(fixture, int(rng.integers(1 << 30)))
        lines = ((event.kind, commentator.tell(event)) for event in MatchScript(rng).events())
        said = [fixture.context()]
        while not parse_score(said[-1], fixture):
            said.append(next(lines)[1])
        said += [line for _, line in islice(lines, int(rng.integers(MOST_BEFORE + 1)))]
        return " ".join(said), (_pieces(line, kind) for kind, line in lines)

    def _encode(self, text: str) -> list[int]:
        """Word by word, each encoded once."""
        return [token for word in WORD.findall(text) for token in self._encoded(word)]

    def _encoded(self, word: str) -> tuple[int, ...]:
        if word not in self._words:
            self._words[word] = self._template.encode(word)
        return self._words[word]

    def _end(self) -> str:
        return str(self._rng.choice((".", " play.", ",")))


class MatchScript:
    """Events as they might follow each other, without play: more goals, and sooner the next match."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        mean = MANY_GOALS if rng.random() < MANY_SHARE else GOALS
        a, b = (int(goals) for goals in rng.exponential(mean, 2).clip(max=MOST_GOALS))
        self._score = (a, b)
        self._time_s = 0.0

    def events(self) -> Iterator[MatchEvent]:
        """Events of a match that is on, without end: the next match follows."""
        kind = self._one_of(OPEN_PLAY)
        team = int(self._rng.integers(2))
        while True:
            yield self._event(kind, team)
            kind, team = self._after(kind, team)

    def _event(self, kind: str, team: int) -> MatchEvent:
        a, b = self._score
        if kind == "goal":
            self._score = (a + (team == 0), b + (team == 1))
        return MatchEvent(self._time_s, kind, team, self._score)

    def _after(self, kind: str, team: int) -> tuple[str, int]:
        """Kind and team of the next event."""
        rng = self._rng
        if kind == "shot":
            self._time_s += SHOT_S
            end = self._one_of(SHOT_ENDS)
            return end, 1 - team if end == "save" else team
        self._time_s += float(rng.uniform(*APART_S))
        if kind in ("goal", "half-time", "full-time"):
            self._score = (0, 0) if kind == "full-time" else self._score
            return "kick-off", 1 - team
        if rng.random() < WHISTLE_SHARE:
            return self._one_of(OF_NOBODY), 0
        return self._one_of(OPEN_PLAY), int(rng.integers(2))

    def _one_of(self, kinds: Sequence[str]) -> str:
        return kinds[int(self._rng.integers(len(kinds)))]


def _pieces(line: str, kind: str) -> Pieces:
    """The line of an event in pieces, each with whether it is asked for."""
    pieces: Pieces = []
    for word in line.split():
        bare = word.rstrip(".,!:")
        pieces.append((f" {bare}", _is_asked(bare, kind)))
        if bare != word:
            pieces.append((word[len(bare) :], kind in WHOLE))
    return pieces


def _is_asked(word: str, kind: str) -> bool:
    """Names, scores and which goal of a team's it was; of a goal all but the colour, which the picture shows."""
    if kind in WHOLE:
        return kind != "goal" or word.lower() not in COLOURS
    return word in ASKED or word.isdecimal()
