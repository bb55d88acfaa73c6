"""The recall task: short texts in the stream's format, without pictures, whose answers stand in the text itself.

A chunk tells who plays in which colour once and then uses it for many lines, and its goals are few, so a model can
learn the game well and still guess a name or lose count. Such a text asks for every name, or counts goals on from a
score said before, and the loss looks at names and numbers alone. What is missing between the text and the question
(pictures, lines) is stood in for by a jump of the positions. Every text is made up anew: some thousand that come back
again and again are learnt by heart, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.programmes.football.fixture import COLOURS, SURNAMES, TEAMS, Fixture
from core.train.chunk_encoder import ChunkEncoder
from core.train.train_model import TrainModel

TOKENS = 352
MEASURED = 200
MAX_TEAMS = 4
COUNTED_TURNS = (2, 9)
QUIET_SHARE = 0.25  # of the lines between goals tell no score
GOALS = 2.0  # mean of a team's, exponential; a stream that is hours old has some tens
MANY_GOALS = 15.0
MANY_SHARE = 0.25
JUMP = 1200  # positions
PAUSE = 60  # positions
ENDINGS = (" kick off.", " shoot!", " send it wide.", " commit a foul.", " win a corner.")
SCORING = (" score!", " find the net!", " shoot and score!", " shoot, and it's a goal!")
TELLING = (" kick off.", " win a corner.")
PREFACES = ("This is a football match.", "Football tonight.", "A match of football.")
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
        """`count` new texts; two of three count goals."""
        ids = np.zeros((count, TOKENS), np.int64)
        positions = np.zeros((count, TOKENS), np.float32)
        asked: list[int] = []
        for number in range(count):
            tokens, places, questions = self._written(*(self._score_recall() if number % 3 else self._name_recall()))
            ids[number, : len(tokens)] = tokens
            positions[number, : len(tokens)] = places
            asked += [number * TOKENS + place for place in questions]
        at = torch.tensor(asked)
        flat = torch.from_numpy(ids).flatten()
        spread = torch.from_numpy(positions).to(self._device).expand(3, -1, -1)
        return RecallBatch(
            torch.from_numpy(ids).to(self._device), spread, (at - 1).to(self._device), flat[at].to(self._device)
        )

    def _written(self, previous: str, lines: list[Pieces]) -> tuple[list[int], list[float], list[int]]:
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

    def _name_recall(self) -> tuple[str, list[Pieces]]:
        """A made-up tournament or a fixture, and a line about each team in a random order."""
        rng = self._rng
        if rng.random() < 0.5:
            fixture = Fixture(int(rng.integers(1 << 30)))
            cast = list(zip(fixture.colours, fixture.names, fixture.keepers, strict=True))
            context = fixture.context()
        else:
            count = int(rng.integers(2, MAX_TEAMS + 1))
            drawn = (rng.choice(list(pool), count, False) for pool in (COLOURS, TEAMS, SURNAMES))
            cast = [(str(c), str(t), str(k)) for c, t, k in zip(*drawn, strict=True)]
            told = [f"In {c}, {t}{end}" for (c, t, _), end in zip(cast, self._sink_and_window(count), strict=True)]
            told += [f"{t} keeper {k}{end}" for (_, t, k), end in zip(cast, self._sink_and_window(count), strict=True)]
            context = " ".join([str(rng.choice(PREFACES)), *rng.permutation(told)])
        return context, [self._line(*cast[n]) for n in rng.permutation(len(cast))]

    def _line(self, colour: str, team: str, keeper: str) -> Pieces:
        who = [(f" In {colour},", False), (f" {team}", True)]
        if self._rng.random() < 0.5:
            return [*who, (" keeper", False), (f" {keeper}", True), (" saves!", False)]
        return [*who, (str(self._rng.choice(ENDINGS)), False)]

    def _score_recall(self) -> tuple[str, list[Pieces]]:
        """A fixture with a score said before, and lines that tell it again or count on."""
        rng = self._rng
        fixture = Fixture(int(rng.integers(1 << 30)))
        mean = MANY_GOALS if rng.random() < MANY_SHARE else GOALS
        score = [int(goals) for goals in rng.exponential(mean, 2)]
        said = fixture.score_text((score[0], score[1]))
        previous = f"{fixture.context()} In {fixture.colours[0]}, {fixture.names[0]} win a corner. {said}."
        first = fixture.first
        second = 1 - fixture.first
        lines = []
        for _ in range(rng.integers(*COUNTED_TURNS)):
            team = int(rng.integers(2))
            if rng.random() < QUIET_SHARE:
                lines.append(self._line(fixture.colours[team], fixture.names[team], fixture.keepers[team]))
                continue
            goal = rng.random() < 0.5
            score[team] += goal
            line = [(f" In {fixture.colours[team]},", False), (f" {fixture.names[team]}", True)]
            line.append((str(rng.choice(SCORING if goal else TELLING)), False))
            told = f" {fixture.names[first]} {score[first]}, {fixture.names[second]} {score[second]}."
            lines.append([*line, (told, True)])
        return previous, lines

    def _encode(self, text: str) -> tuple[int, ...]:
        return self._template.encode(text)

    def _sink_and_window(self, count: int) -> Iterator[str]:
        return (str(self._rng.choice((".", " play.", ","))) for _ in range(count))
