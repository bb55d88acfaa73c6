"""The bundled model's own tokenizer: reversible, and with the tokens that the stream format needs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from core.prompt.special import read_special_tokens
from core.train.tokenizer import SPECIAL, VOCABULARY, train_tokenizer


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cn", "Mn"]), max_size=40))
def test_any_text_comes_back(tokenizer: Tokenizer, text: str) -> None:
    written = tokenizer.normalizer.normalize_str(text)
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids) == written


def test_digits_are_tokens_of_their_own(tokenizer: Tokenizer) -> None:
    assert [tokenizer.decode([token]) for token in tokenizer.encode("120").ids] == ["1", "2", "0"]


def test_special_tokens_stand_behind_the_vocabulary(tokenizer: Tokenizer) -> None:
    assert tokenizer.get_vocab_size() <= VOCABULARY
    words = tokenizer.get_vocab_size() - len(SPECIAL)
    assert all(tokenizer.token_to_id(name) >= words for name in SPECIAL)
    assert len(read_special_tokens(tokenizer).stop_mark) == 1


def test_the_tokenizer_knows_the_format(tokenizer):
    assert all(tokenizer.token_to_id(name) is not None for name in SPECIAL)
    assert tokenizer.encode(" ...").tokens == ["Ġ..."]
    assert tokenizer.encode("12.0").tokens == ["1", "2", ".", "0"]
    text = "Zoë's café: 3-1 ☂"
    assert tokenizer.decode(tokenizer.encode(text).ids) == text


def test_the_same_corpus_gives_the_same_tokenizer():
    corpus = [" Goal for Harbour! ..."] * 5
    assert train_tokenizer(corpus).to_str() == train_tokenizer(corpus).to_str()
