"""Choose the next token from logits: repetition penalty, logits processors, temperature, nucleus."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from core.config import SamplingConfig
from core.engine.backends.select import select_top_p_draw
from core.engine.logits_processors import LogitsProcessors


class Sampler:
    """One stream's sampler; its generator makes seeded runs repeat exactly.

    Attributes:
        processors: rules on the words; they hold the configuration, which may change between rounds.
        seen: (vocab,) True for each id in the kept context; the repetition penalty applies to those.
    """

    def __init__(self, processors: LogitsProcessors, vocab: int, device: torch.device) -> None:
        self.processors = processors
        self.seen = torch.zeros(vocab, dtype=torch.bool, device=device)
        self._generator = torch.Generator(device=device).manual_seed(processors.config.seed)
        self._draw = select_top_p_draw(self.seen, processors.config.seed)

    @property
    def config(self) -> SamplingConfig:
        """The settings in force."""
        return self.processors.config

    def begin(self, context: Iterable[int]) -> None:
        """Start a line. context: all ids kept, the new turn included."""
        if self.config.repetition_penalty != 1.0:
            self.seen.zero_()
            self.seen[torch.tensor(list(context), device=self.seen.device)] = True

    def sample(self, logits: Tensor, sampled: list[int], now: float) -> int:
        """logits (vocab,) after the ids `sampled` of a line at source second `now` -> the next id."""
        config = self.config
        if self._draw and not config.greedy and self.processors.inactive:
            drawn = self._draw(logits, config.temperature, config.top_p, config.repetition_penalty)
            if drawn is not None:
                return drawn
        logits = penalised(logits.float(), self.seen, config.repetition_penalty)
        token = int(self._choose(self.processors.apply(logits, sampled, now)))
        if config.repetition_penalty != 1.0:
            self.seen[token] = True
        return token

    def _choose(self, logits: Tensor) -> Tensor:
        if self.config.greedy:
            return logits.argmax()
        probabilities = nucleus((logits / self.config.temperature).softmax(dim=-1), self.config.top_p)
        probabilities = probabilities.nan_to_num(nan=1.0)  # drawing from NaN takes the device down; the generator tells
        return torch.multinomial(probabilities, 1, generator=self._generator)


def penalised(logits: Tensor, seen: Tensor, penalty: float) -> Tensor:
    """Divide positive and multiply negative logits of the seen ids by `penalty` (Keskar et al. 2019, section 4.1)."""
    if penalty == 1.0:
        return logits
    return torch.where(seen, torch.where(logits < 0, logits * penalty, logits / penalty), logits)


def nucleus(probabilities: Tensor, top_p: float) -> Tensor:
    """Zero all but the smallest set of most likely ids whose probability reaches `top_p` (Holtzman et al. 2020)."""
    if top_p >= 1.0:
        return probabilities
    ordered, order = probabilities.sort(descending=True)
    outside = ordered.cumsum(dim=-1) - ordered >= top_p
    return probabilities.scatter(-1, order, ordered.masked_fill(outside, 0.0))
