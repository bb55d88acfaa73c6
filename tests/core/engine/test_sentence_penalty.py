"""Sentences of the last two minutes are found token by token, and the sampler chooses another wording."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from core.config import SamplingConfig
from core.engine.logits_processors import LogitsProcessors
from core.engine.sampler import Sampler
from core.engine.sentence_penalty import SentencePenalty
from core.prompt.special import SpecialTokens

WORDS = ["<end>", "...", ".", "!", "Red", "shoot", "score", "a", "shot", "by", "2", "up"]
SPECIAL = SpecialTokens(90, 0, 91, 92, 93, 94, stop_mark=(1,))


def _tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="<end>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return made


def _ids(text: str) -> list[int]:
    return [WORDS.index(word) for word in text.split()]


def _repeating(penalty: SentencePenalty, begun: str, now: float) -> set[str]:
    return {WORDS[token] for token in penalty.repeating(_ids(begun), now)}


def test_a_sentence_is_followed_from_its_first_token_to_its_last() -> None:
    penalty = SentencePenalty(_tokenizer(), SPECIAL)
    penalty.note(_ids("Red shoot !  a shot by Red ."), 10.0)
    assert _repeating(penalty, "", 20.0) == {"Red", "a"}
    assert _repeating(penalty, "Red", 20.0) == {"shoot"}
    assert _repeating(penalty, "Red score ! a shot", 20.0) == {"by"}
    assert _repeating(penalty, "Red shoot", 20.0) == {"!"}
    assert _repeating(penalty, "Red score", 20.0) == set()


def test_two_minutes_later_it_may_come_again() -> None:
    penalty = SentencePenalty(_tokenizer(), SPECIAL)
    penalty.note(_ids("Red shoot !"), 10.0)
    assert _repeating(penalty, "Red", 130.0) == {"shoot"}
    assert _repeating(penalty, "Red", 131.0) == set()


def test_a_sentence_with_a_figure_states_a_fact() -> None:
    penalty = SentencePenalty(_tokenizer(), SPECIAL)
    penalty.note(_ids("Red 2 up . Red shoot"), 10.0)
    assert _repeating(penalty, "Red", 11.0) == {"shoot"}


def test_the_sampler_says_it_in_other_words_unless_it_is_sure() -> None:
    config = SamplingConfig(greedy=True, repetition_penalty=1.0, sentence_penalty=3.0)
    processors = LogitsProcessors(config, _tokenizer(), SPECIAL)
    sampler = Sampler(processors, len(WORDS), torch.device("cpu"))
    logits = torch.zeros(len(WORDS))
    logits[WORDS.index("Red")] = 9.0
    logits[WORDS.index("a")] = 7.0
    assert WORDS[sampler.sample(logits, [], 0.0)] == "Red"
    processors.note(_ids("Red shoot !"), "Red shoot!", 0.0)
    assert WORDS[sampler.sample(logits, [], 5.0)] == "a"
    logits[WORDS.index("Red")] = 12.0
    assert WORDS[sampler.sample(logits, [], 5.0)] == "Red"
    processors.answering = True
    logits[WORDS.index("Red")] = 9.0
    assert WORDS[sampler.sample(logits, [], 5.0)] == "Red"
