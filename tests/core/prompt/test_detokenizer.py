"""Pieces are whole characters and never the stop mark."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from core.prompt.detokenizer import Detokenizer


def byte_tokenizer() -> Tokenizer:
    """One token a byte: every character beyond ASCII is cut into several."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: n for n, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


TOKENIZER = byte_tokenizer()


@given(st.text(max_size=20), st.booleans())
def test_pieces_make_the_line(text: str, stopped: bool) -> None:
    text = text.replace("\N{REPLACEMENT CHARACTER}", "").removesuffix(" ...")
    words = Detokenizer(TOKENIZER)
    ids = TOKENIZER.encode(text + (" ..." if stopped else "")).ids
    pieces = [words.push(token) for token in ids] + [words.finish()]
    assert "".join(pieces) == text
    assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in pieces)
    assert words.text() == text.strip()


def test_dots_that_are_no_stop_mark_are_given() -> None:
    words = Detokenizer(TOKENIZER)
    pieces = [words.push(token) for token in TOKENIZER.encode("so .. and ... on").ids]
    assert "".join(pieces) + words.finish() == "so .. and ... on"
