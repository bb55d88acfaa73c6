"""How good the model is right now, on held-out samples: the context is true, each line is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from core.train.bundled_config import MAX_NEW_TOKENS, SILENCE_THRESHOLD
from core.train.chunk_encoder import EncodedChunk
from core.train.collate import collate
from core.train.data_loader import LoaderConfig, StartSource, draw_fitting
from core.train.moved_prefix_attention import MovedPrefix, PrefixLayout
from core.train.train_model import TrainModel

LINES = 48
LONGEST_ANSWER = MAX_NEW_TOKENS - 1


class ValidatedTrainer(Protocol):
    """What the validation asks of a trainer."""

    model: TrainModel

    def input_embeds(self, batch: Mapping[str, Tensor], uncompiled: bool) -> Tensor: ...
    def to_device(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]: ...


class Validation:
    """What is measured on `batch`, one batch of held-out chunks."""

    def __init__(self, loader_config: LoaderConfig, start: StartSource, chunks: int = 0) -> None:
        """`start`: starts a source of held-out samples that can read lines back. `chunks`: 0 for a step's."""
        rng = np.random.default_rng([7, loader_config.config.seed])
        encoder = loader_config.encoder()
        self._template = encoder.template
        source = start(encoder, rng)
        count = chunks or loader_config.config.batch
        drawn = [draw_fitting(source, encoder, loader_config.lengths) for _ in range(count)]
        self._samples = [sample for sample, _ in drawn]
        self.batch = collate([(encoded, sample.frames) for sample, encoded in drawn], loader_config.lengths)
        self._starts = [start for n, (_, encoded) in enumerate(drawn) for start in _answer_starts(n, encoded)]

    @torch.no_grad()
    def measure(self, trainer: ValidatedTrainer) -> dict[str, float]:
        """Shares in 0..1: `silence` kept, `spoke` when it should, `event`, `who` and `facts` told rightly."""
        batch = trainer.to_device(self.batch)
        layout = PrefixLayout.of(batch)
        prefix, input_embeds = trainer.input_embeds(batch, uncompiled=True).split(
            (layout.prefix.shape[2], layout.chunk.shape[2]), 1
        )
        moved_prefix = trainer.model.prefill_prefix(prefix, layout)
        hidden = trainer.model.prefill_chunk(input_embeds, layout.chunk, moved_prefix)
        places = torch.tensor(
            [n * input_embeds.shape[1] + place for n, _, place in self._starts], device=input_embeds.device
        )
        silence = trainer.model.logits(hidden.flatten(0, 1)[places]).softmax(-1)[:, self._template.special.stop_mark[0]]
        silent = [not self._samples[n].answers[r].text for n, r, _ in self._starts]
        kept = (silence >= SILENCE_THRESHOLD).tolist()
        spoken = [start for start, quiet in zip(self._starts, silent, strict=True) if not quiet][:LINES]
        figures = {
            "silence": _share([k for k, quiet in zip(kept, silent, strict=True) if quiet]),
            "spoke": _share([not k for k, quiet in zip(kept, silent, strict=True) if not quiet]),
        }
        if spoken:
            figures |= self._judge(
                spoken, self._answers(trainer.model, input_embeds, layout.chunk, moved_prefix, spoken)
            )
        return figures

    def _answers(
        self,
        model: TrainModel,
        input_embeds: Tensor,
        positions: Tensor,
        moved_prefix: MovedPrefix,
        starts: Sequence[tuple[int, int, int]],
    ) -> list[str]:
        """Greedy answers after true contexts: every step reads the chunk again, on what its prefix has left."""
        chunk = torch.tensor([n for n, _, _ in starts], device=input_embeds.device)
        place = torch.tensor([p for _, _, p in starts], device=input_embeds.device)
        longest = int(place.max()) + LONGEST_ANSWER + 1
        room = max(longest - input_embeds.shape[1], 0)
        seen = torch.nn.functional.pad(input_embeds[chunk], (0, 0, 0, room))[:, :longest].clone()
        at = torch.nn.functional.pad(positions[:, chunk], (0, room))[..., :longest].clone()
        moved_prefix = moved_prefix.of(chunk)
        line = torch.arange(len(starts), device=input_embeds.device)
        said = []
        for step in range(LONGEST_ANSWER):
            hidden = model.prefill_chunk(seen, at, moved_prefix)
            logits = model.logits(hidden[line, place + step])
            if step == 0:
                logits = self._decided(logits)
            token = logits.argmax(-1)
            said.append(token)
            seen[line, place + step + 1] = model.decoder.embed(token).to(seen.dtype)
            at[:, line, place + step + 1] = at[:, line, place + step] + 1
        return [self._text(row) for row in torch.stack(said, 1).tolist()]

    def _decided(self, logits: Tensor) -> Tensor:
        """Logits (lines, vocabulary) of first tokens; silence wins from SILENCE_THRESHOLD on, never else."""
        stop = self._template.special.stop_mark[0]
        silent = logits.softmax(-1)[:, stop] >= SILENCE_THRESHOLD
        decided = logits.clone()
        decided[:, stop] = torch.where(silent, torch.inf, -torch.inf)
        return decided

    def _text(self, ids: list[int]) -> str:
        """Words up to the stop mark or the end of the turn."""
        ends = {self._template.special.im_end, *self._template.special.stop_mark}
        cut = next((n for n, token in enumerate(ids) if token in ends), len(ids))
        return self._template.tokenizer.decode(ids[:cut]).strip()

    def _judge(self, starts: Sequence[tuple[int, int, int]], answers: Sequence[str]) -> dict[str, float]:
        events = []
        who = []
        facts = []
        for (number, round_, _), answer in zip(starts, answers, strict=True):
            sample = self._samples[number]
            if sample.mentions is None:
                continue
            told = {mention.kind: mention for mention in sample.mentions(answer)}
            for true in sample.mentions(sample.answers[round_].text):
                events.append(true.kind in told)
                if true.kind in told:
                    who.append(told[true.kind].who == true.who)
                    claimed = told[true.kind].facts
                    facts += [claimed[name] == value for name, value in true.facts.items() if name in claimed]
        return {"event": _share(events), "who": _share(who), "facts": _share(facts)}


class ValidationByProgramme:
    """What is measured of each programme apart."""

    def __init__(self, validations: Mapping[str, Validation]) -> None:
        self._validations = validations

    def measure(self, trainer: ValidatedTrainer) -> dict[str, float]:
        """The figures of each as `PROGRAMME_FIGURE`."""
        return {
            f"{programme}_{name}": share
            for programme, validation in self._validations.items()
            for name, share in validation.measure(trainer).items()
        }


def _answer_starts(number: int, encoded: EncodedChunk) -> list[tuple[int, int, int]]:
    """(chunk `number`, round, place in the chunk of the token in front of the answer) of every answer in it."""
    rounds, first = np.unique(encoded.chunk.answer_round, return_index=True)
    places = encoded.chunk.answer_at[first]
    return [(number, int(r), int(place)) for r, place in zip(rounds, places, strict=True)]


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0
