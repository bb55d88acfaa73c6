"""Drills: short texts in the stream's format, without pictures, in which a name can only be read off the context.

A chunk tells who plays in which colour once and then uses it for many lines, so a model can learn the game well and
still guess the first name. A drill asks for every name once, and the loss looks at the names alone. What is missing
between the context and the question (pictures, lines) is stood in for by a jump of the positions.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from core.arena.kit import COLOURS, SURNAMES, TEAMS, Fixture
from core.train.transcript import Scribe

TOKENS = 192
MOST_TEAMS = 4
JUMP = 1200  # positions
PAUSE = 60  # positions
ENDINGS = (
    " kick off.",
    " shoot!",
    " score!",
    " send it wide.",
    " commit a foul.",
    " win a corner.",
    " take the throw-in.",
)
PREFACES = ("This is a football match.", "Football tonight.", "A match of football.")


class Drills:
    """Makes batches of drills.

    Attributes:
        count: drills in a batch.
    """

    def __init__(self, scribe: Scribe, count: int, seed: int) -> None:
        self.count = count
        self._template, self._rng = scribe.template, np.random.default_rng([11, seed])

    def batch(self) -> dict[str, Tensor]:
        """ids (count, TOKENS) int64; positions (3, count, TOKENS) float32; at, names: flat places in front of the
        names, and the names' ids, int64."""
        ids = np.zeros((self.count, TOKENS), np.int64)
        positions = np.zeros((self.count, TOKENS), np.float32)
        at: list[int] = []
        names: list[int] = []
        for number in range(self.count):
            tokens, places, asked = self._drill()
            ids[number, : len(tokens)], positions[number, : len(tokens)] = tokens, places
            at += [number * TOKENS + place - 1 for place in asked]
            names += [tokens[place] for place in asked]
        spread = np.broadcast_to(positions, (3, *positions.shape)).copy()
        return {
            "ids": torch.from_numpy(ids), "positions": torch.from_numpy(spread),
            "at": torch.tensor(at), "names": torch.tensor(names),
        }  # fmt: skip

    def _drill(self) -> tuple[list[int], list[float], list[int]]:
        """Ids, positions and the places of the names asked for."""
        rng, encode, special = self._rng, self._template.encode, self._template.special
        colours, teams, keepers, context = self._cast()
        tokens: list[int] = [t for span in self._template.opening(context) for t in span.tokens]
        places = [float(n) for n in range(len(tokens))]
        asked: list[int] = []
        position = len(tokens) + rng.integers(JUMP)
        for n in rng.permutation(len(teams)):
            turn = [special.im_start, *encode("user\nTime=7.0-8.0s"), special.im_end, special.newline]
            turn += [special.im_start, *encode("assistant\n"), *encode(f" In {colours[n]},")]
            said = encode(f" {teams[n]}")
            place = len(tokens) + len(turn)
            asked += range(place, place + len(said))
            turn += said
            if rng.random() < 0.5:
                turn += encode(" keeper")
                keeper = encode(f" {keepers[n]}")
                asked += range(len(tokens) + len(turn), len(tokens) + len(turn) + len(keeper))
                turn += [*keeper, *encode(" saves!")]
            else:
                turn += encode(str(rng.choice(ENDINGS)))
            turn += [*special.stop_mark, special.im_end, special.newline]
            if len(tokens) + len(turn) > TOKENS:
                asked = [place for place in asked if place < len(tokens)]
                break
            tokens += turn
            places += [float(position + n) for n in range(len(turn))]
            position += len(turn) + rng.integers(9, PAUSE)
        return tokens, places, asked

    def _cast(self) -> tuple[list[str], list[str], list[str], str]:
        """Colours, teams, keepers and the text that tells them: a real fixture's, or a made-up tournament's."""
        rng = self._rng
        if rng.random() < 0.5:
            fixture = Fixture(int(rng.integers(1 << 30)))
            return list(fixture.colours), list(fixture.names), list(fixture.keepers), fixture.context()
        count = int(rng.integers(2, MOST_TEAMS + 1))
        colours, teams, keepers = (list(rng.choice(list(pool), count, False)) for pool in (COLOURS, TEAMS, SURNAMES))
        told = [f"In {c}, {t}{end}" for c, t, end in zip(colours, teams, self._ends(count), strict=True)]
        told += [f"{t} keeper {k}{end}" for t, k, end in zip(teams, keepers, self._ends(count), strict=True)]
        return colours, teams, keepers, " ".join([str(rng.choice(PREFACES)), *rng.permutation(told)])

    def _ends(self, count: int) -> Iterator[str]:
        return (str(self._rng.choice((".", " play.", ","))) for _ in range(count))
