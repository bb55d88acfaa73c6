"""A sampler whose vocabulary is a few words, for tests."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from core.config import SamplingConfig
from core.engine.logits_processors import LogitsProcessors
from core.engine.sampler import Sampler
from core.prompt.special import SpecialTokens

WORDS = ["<end>", "...", "goal", "shot", "for", "Harbour", "damn", "kick", "off"]
SPECIAL = SpecialTokens(90, 0, 91, 92, 93, 94, stop_mark=(1,))


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="<end>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return made


def sampler(**settings: object) -> Sampler:
    processors = LogitsProcessors(SamplingConfig(**settings), tokenizer(), SPECIAL)  # type: ignore[arg-type]
    return Sampler(processors, len(WORDS), torch.device("cpu"))


def logits(*favourites: str) -> torch.Tensor:
    """The first favourite is the likeliest, then the second, and so on."""
    scores = torch.zeros(len(WORDS))
    for n, word in enumerate(reversed(favourites), start=1):
        scores[WORDS.index(word)] = float(n)
    return scores


def line(sampler: Sampler, *favourites: str, limit: int = 8) -> list[str]:
    sampled: list[int] = []
    while len(sampled) < limit and (not sampled or sampled[-1] != 0):
        sampled.append(sampler.sample(logits(*favourites), sampled, 0.0))
    return [WORDS[token] for token in sampled]
