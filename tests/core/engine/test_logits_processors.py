"""Rules on the words of a line: forbidden ones, fewest and most, when to be silent."""

from __future__ import annotations

import math

import pytest

from core.config import SamplingConfig
from core.engine.logits_processors import LogitsProcessors
from tests.core.engine.word_sampler import SPECIAL, WORDS, line, logits, sampler, tokenizer


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
    calm.processors.note([], "goal for Harbour", 10.0)
    assert calm.sample(logits("goal"), [], 20.0) == 1
    assert calm.processors.silenced == "words_per_minute"
    calm.processors.begin(answering=False)
    assert calm.sample(logits("goal"), [], 71.0) == WORDS.index("goal")
    assert calm.processors.silenced == ""


@pytest.mark.parametrize("rule", [{"words_per_minute": 0}, {"silence_threshold": 0.0}])
def test_no_limit_silences_an_answer(rule: dict[str, float]) -> None:
    calm = sampler(greedy=True, repetition_penalty=1.0, **rule)
    assert calm.sample(logits("goal"), [], 0.0) == 1
    assert calm.processors.silenced == next(iter(rule))
    calm.processors.begin(answering=True)
    assert calm.processors.silenced == ""
    assert calm.sample(logits("goal"), [], 1.0) == WORDS.index("goal")


def test_without_rules_logits_pass_untouched() -> None:
    processors = LogitsProcessors(SamplingConfig(), tokenizer(), SPECIAL)
    scores = logits("goal")
    assert processors.apply(scores, [], 0.0) is scores
    assert math.isfinite(float(scores.sum()))
