"""A tokenizer that learns more words: the old ones stay, the new ones begin as what they were made of."""

import torch
from tokenizers import Tokenizer

from core.train import programme_words
from core.train.football.tokenizer_corpus import corpus
from core.train.vocabulary import EMBEDDING, HEAD, extended, extended_weights

WORDS = [" The serpentipede falls."] * 5


def _ids(tokenizer: Tokenizer, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False).ids


def test_new_words_are_one_token_and_old_ones_stay(tokenizer: Tokenizer):
    grown = extended(tokenizer, WORDS, 100)
    assert len(_ids(tokenizer, " serpentipede")) > 1
    assert len(_ids(grown, " serpentipede")) == 1
    for text in (" In red, Harbour score! Harbour 2, Union 1. ...", "<|im_start|>user\nTime=1.0-2.0s<|im_end|>"):
        assert _ids(grown, text) == _ids(tokenizer, text)
    assert grown.decode(_ids(grown, WORDS[0])) == WORDS[0]


def test_what_is_known_teaches_nothing(tokenizer: Tokenizer):
    grown = extended(tokenizer, WORDS, 100)
    assert extended(grown, WORDS, 100).get_vocab_size() == grown.get_vocab_size()


def test_no_more_tokens_than_allowed(tokenizer: Tokenizer):
    assert extended(tokenizer, WORDS, 3).get_vocab_size() == tokenizer.get_vocab_size() + 3


def test_a_new_embedding_is_the_mean_of_its_pieces(tokenizer: Tokenizer):
    grown = extended(tokenizer, WORDS, 100)
    rows = torch.randn(tokenizer.get_vocab_size(), 4)
    weights = extended_weights({EMBEDDING: rows, HEAD: rows}, tokenizer, grown)
    assert weights[EMBEDDING] is weights[HEAD]
    assert torch.equal(weights[EMBEDDING][: len(rows)], rows)
    (whole,) = _ids(grown, " serpentipede")
    pieces = _ids(tokenizer, " serpentipede")
    assert torch.allclose(weights[EMBEDDING][whole], rows[pieces].mean(0))


def test_the_programmes_words_cost_few_tokens(tokenizer: Tokenizer):
    texts = list(programme_words.corpus())
    grown = extended(tokenizer, texts, 1000)
    before, after = (sum(len(_ids(one, text)) for text in texts) for one in (tokenizer, grown))
    assert after < 0.45 * before
    football = [text for _, text in zip(range(400), corpus(20), strict=False)]
    assert sum(len(_ids(grown, text)) for text in football) <= sum(len(_ids(tokenizer, text)) for text in football)


def test_a_capital_begins_as_the_small_letter(tokenizer: Tokenizer):
    small = _ids(tokenizer, " miss")
    assert len(small) == 1
    assert len(_ids(tokenizer, " Miss")) > 1
    grown = extended(tokenizer, [" Miss is wide."] * 5, 100)
    rows = torch.randn(tokenizer.get_vocab_size(), 4)
    weights = extended_weights({EMBEDDING: rows, HEAD: rows}, tokenizer, grown)
    (capital,) = _ids(grown, " Miss")
    assert torch.allclose(weights[EMBEDDING][capital], rows[small[0]])
