"""How tokens are chosen: penalty, nucleus, seeds, and the rules on words."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from core.config import SamplingConfig, adjusted
from core.engine.logits_processors import LogitsProcessors
from core.engine.sampler import Sampler, nucleus, penalised
from core.errors import UsageError
from core.prompt.special import SpecialTokens

WORDS = ["<end>", "...", "goal", "shot", "for", "Harbour", "damn", "kick", "off"]
SPECIAL = SpecialTokens(90, 0, 91, 92, 93, 94, stop_mark=(1,))


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="<end>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return made


def sampler(**settings: object) -> Sampler:
    wording = LogitsProcessors(SamplingConfig(**settings), tokenizer(), SPECIAL)  # type: ignore[arg-type]
    return Sampler(wording, len(WORDS), torch.device("cpu"))


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


def test_penalty_is_that_of_the_paper() -> None:
    seen = torch.tensor([True, True, False])
    assert penalised(torch.tensor([2.0, -2.0, 2.0]), seen, 2.0).tolist() == [1.0, -4.0, 2.0]


def test_penalty_counts_what_was_just_sampled() -> None:
    assert line(sampler(greedy=True, repetition_penalty=3.0), "goal", "shot", limit=2) == ["goal", "shot"]


@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=8), st.floats(0.05, 1.0))
def test_nucleus_is_the_smallest_set_that_reaches_the_mass(weights: list[float], top_p: float) -> None:
    probabilities = torch.tensor(weights) / sum(weights)
    kept = nucleus(probabilities, top_p)
    assert kept.sum() >= min(top_p, 1.0) - 1e-4
    inside = kept > 0
    assert inside.any()
    if inside.sum() > 1:
        assert kept.sum() - kept[inside].min() < top_p + 1e-4


def test_seeded_runs_repeat() -> None:
    drawn = [[sampler(seed=7).sample(torch.zeros(9), [], 0.0) for _ in range(5)] for _ in range(2)]
    assert drawn[0] == drawn[1]
    one = sampler(seed=1)
    other = sampler(seed=2)
    assert [one.sample(torch.zeros(9), [], 0.0) for _ in range(20)] != [
        other.sample(torch.zeros(9), [], 0.0) for _ in range(20)
    ]


def test_bad_words_are_never_said_even_as_phrases() -> None:
    assert line(sampler(greedy=True, repetition_penalty=1.0, bad_words=("damn",)), "damn", "goal", limit=1) == ["goal"]
    picky = sampler(greedy=True, repetition_penalty=1.0, bad_words=("kick off",))
    assert WORDS[picky.sample(logits("off", "goal"), [WORDS.index("kick")], 0.0)] == "goal"
    assert WORDS[picky.sample(logits("off", "goal"), [WORDS.index("shot")], 0.0)] == "off"


def test_a_spoken_line_has_its_fewest_words_and_silence_stays_allowed() -> None:
    strict = sampler(greedy=True, repetition_penalty=1.0, min_words=3)
    sampled = [strict.sample(logits("goal"), [], 0.0)]
    while len(sampled) < 6 and sampled[-1] not in (0, 1):
        sampled.append(strict.sample(logits("...", "shot"), sampled, 0.0))
    assert [WORDS[t] for t in sampled] == ["goal", "shot", "shot", "..."]
    assert line(strict, "...", limit=1) == ["..."]


def test_a_line_stops_after_its_most_words() -> None:
    assert line(sampler(greedy=True, repetition_penalty=1.0, max_words=2), "goal") == ["goal", "goal", "...", "<end>"]


@pytest.mark.parametrize(("threshold", "first"), [(0.9, "goal"), (0.05, "...")])
def test_silence_threshold(threshold: float, first: str) -> None:
    quiet = sampler(greedy=True, repetition_penalty=1.0, silence_threshold=threshold)
    assert line(quiet, "goal", "...", limit=1) == [first]


def test_words_a_minute_are_kept_to() -> None:
    calm = sampler(greedy=True, repetition_penalty=1.0, words_per_minute=3)
    calm.processors.count_words("goal for Harbour", 10.0)
    assert calm.sample(logits("goal"), [], 20.0) == 1
    assert calm.sample(logits("goal"), [], 71.0) == WORDS.index("goal")


@pytest.mark.parametrize("rule", [{"words_per_minute": 0}, {"silence_threshold": 0.0}])
def test_no_limit_silences_an_answer(rule: dict[str, float]) -> None:
    calm = sampler(greedy=True, repetition_penalty=1.0, **rule)
    assert calm.sample(logits("goal"), [], 0.0) == 1
    calm.processors.answering = True
    assert calm.sample(logits("goal"), [], 1.0) == WORDS.index("goal")


def test_live_changes_are_checked() -> None:
    assert adjusted(SamplingConfig(), {"temperature": 0.5}).temperature == 0.5
    with pytest.raises(UsageError, match="temperature"):
        adjusted(SamplingConfig(), {"temperature": 0.0})
    with pytest.raises(UsageError, match="loudness"):
        adjusted(SamplingConfig(), {"loudness": 1})


def test_without_rules_logits_pass_untouched() -> None:
    wording = LogitsProcessors(SamplingConfig(), tokenizer(), SPECIAL)
    scores = logits("goal")
    assert wording.apply(scores, [], 0.0) is scores
    assert math.isfinite(float(scores.sum()))
