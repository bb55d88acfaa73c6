"""How good the student is right now, on held-out matches: the context is true, each line is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.programmes.football.commentator import parse, parse_score
from core.programmes.programme import HELD_OUT_SEED
from core.train.bank import Bank, Drawn
from core.train.carry import Held, Layout
from core.train.collate import collate
from core.train.feed import FeedPlan, fitting, views
from core.train.student import Student
from core.train.transcript import Scribe

LINES = 48
LONGEST_ANSWER = 19


class Seeing(Protocol):
    """What the probe asks of a trainer."""

    student: Student

    def embeds(self, batch: Mapping[str, Tensor], plainly: bool) -> Tensor: ...
    def to_device(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]: ...


class Probe:
    """What is measured on `batch`, one batch of held-out chunks."""

    def __init__(self, plan: FeedPlan, tokenizer: Tokenizer) -> None:
        rng = np.random.default_rng([7, plan.recipe.seed])
        scribe = Scribe(tokenizer, plan.recipe)
        self._tokenizer = tokenizer
        self._special = scribe.template.special
        bank = Bank(scribe, rng, range(HELD_OUT_SEED, 2 * HELD_OUT_SEED), plan.recipe.rounds, mistakes=False)
        self._chunks = [fitting(bank, plan.lengths) for _ in range(plan.recipe.batch)]
        self.batch = collate(self._chunks, views(rng, len(self._chunks), plan), plan.lengths)
        self._starts = self._answer_starts()

    def _answer_starts(self) -> list[tuple[int, int, int]]:
        """(chunk, round, place in the chunk of the token in front of the answer) of every answer."""
        starts = []
        for number, chunk in enumerate(self._chunks):
            rounds, first = np.unique(chunk.encoded.chunk.answer_round, return_index=True)
            places = chunk.encoded.chunk.answer_at[first]
            starts += [(number, int(r), int(place)) for r, place in zip(rounds, places, strict=True)]
        return starts

    @torch.no_grad()
    def measure(self, trainer: Seeing) -> dict[str, float]:
        """Shares in 0..1: `silence` kept, `spoke` when it should, `event`, `team` and `score` named rightly."""
        batch = trainer.to_device(self.batch)
        layout = Layout.of(batch)
        front, embeds = trainer.embeds(batch, plainly=True).split((layout.front.shape[2], layout.chunk.shape[2]), 1)
        held = trainer.student.read_front(front, layout)
        hidden = trainer.student.read_on(embeds, layout.chunk, held)
        places = torch.tensor([n * embeds.shape[1] + place for n, _, place in self._starts], device=embeds.device)
        first = trainer.student.logits(hidden.flatten(0, 1)[places]).argmax(-1).tolist()
        silent = [not self._chunks[n].lines[r] for n, r, _ in self._starts]
        kept = [token == self._special.stop_mark[0] for token in first]
        spoken = [start for start, quiet in zip(self._starts, silent, strict=True) if not quiet][:LINES]
        figures = {
            "silence": _share([k for k, quiet in zip(kept, silent, strict=True) if quiet]),
            "spoke": _share([not k for k, quiet in zip(kept, silent, strict=True) if not quiet]),
        }
        if spoken:
            figures |= self._judge(spoken, self._answers(trainer.student, embeds, layout.chunk, held, spoken))
        return figures

    def _answers(
        self, student: Student, embeds: Tensor, positions: Tensor, held: Held, starts: Sequence[tuple[int, int, int]]
    ) -> list[str]:
        """Greedy answers after true contexts: every step reads the chunk again, on what its front has left."""
        chunk = torch.tensor([n for n, _, _ in starts], device=embeds.device)
        place = torch.tensor([p for _, _, p in starts], device=embeds.device)
        longest = int(place.max()) + LONGEST_ANSWER + 1
        room = max(longest - embeds.shape[1], 0)
        seen = torch.nn.functional.pad(embeds[chunk], (0, 0, 0, room))[:, :longest].clone()
        at = torch.nn.functional.pad(positions[:, chunk], (0, room))[..., :longest].clone()
        held = held.of(chunk)
        line = torch.arange(len(starts), device=embeds.device)
        said = []
        for step in range(LONGEST_ANSWER):
            hidden = student.read_on(seen, at, held)
            token = student.logits(hidden[line, place + step]).argmax(-1)
            said.append(token)
            seen[line, place + step + 1] = student.decoder.embed(token).to(seen.dtype)
            at[:, line, place + step + 1] = at[:, line, place + step] + 1
        return [self._text(row) for row in torch.stack(said, 1).tolist()]

    def _text(self, ids: list[int]) -> str:
        """Words up to the stop mark or the end of the turn."""
        ends = {self._special.im_end, *self._special.stop_mark}
        cut = next((n for n, token in enumerate(ids) if token in ends), len(ids))
        return self._tokenizer.decode(ids[:cut]).strip()

    def _judge(self, starts: Sequence[tuple[int, int, int]], answers: Sequence[str]) -> dict[str, float]:
        events = []
        teams = []
        scores = []
        for (number, round_, _), answer in zip(starts, answers, strict=True):
            chunk: Drawn = self._chunks[number]
            truth = parse(chunk.lines[round_], chunk.fixture)
            told = parse(answer, chunk.fixture)
            kinds = {mention.kind: mention.who for mention in told}
            events += [mention.kind in kinds for mention in truth]
            teams += [kinds[mention.kind] == mention.who for mention in truth if mention.kind in kinds]
            score = parse_score(chunk.lines[round_], chunk.fixture)
            claimed = parse_score(answer, chunk.fixture)
            if score and claimed:
                scores.append(score == claimed)
        return {"event": _share(events), "team": _share(teams), "score": _share(scores)}


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0
