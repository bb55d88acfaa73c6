"""More words for a tokenizer that has been learnt: new merges behind the old ones, which stay as they are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain, pairwise

import torch
from tokenizers import Tokenizer
from torch import Tensor

EMBEDDING = "decoder.embed.weight"
HEAD = "decoder.head.weight"  # the same numbers
MIN_COUNT = 3
SPACE = "\u0120"  # a space as byte-level BPE writes it
Word = tuple[str, ...]


def extended(tokenizer: Tokenizer, texts: Iterable[str], merges: int) -> Tokenizer:
    """The tokenizer with so many new tokens at most, learnt from texts. Words that are one token already stay so.

    BPE goes on where it stopped (Sennrich et al. 2016, section 3.2): the pair of tokens that is seen most is merged.
    """
    words: Counter[Word] = Counter()
    for spelling, seen in Counter(chain.from_iterable(_words(tokenizer, text) for text in texts)).items():
        words[tuple(token.value for token in tokenizer.model.tokenize(spelling))] += seen
    learnt: list[tuple[str, str]] = []
    while len(learnt) < merges:
        pairs = Counter[tuple[str, str]]()
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] += count
        best = max(pairs, key=lambda pair: (pairs[pair], pair), default=None)
        if best is None or pairs[best] < MIN_COUNT:
            break
        learnt.append(best)
        words = _merged(words, best)
    return _with_merges(tokenizer, learnt)


def extended_weights(weights: Mapping[str, Tensor], old: Tokenizer, new: Tokenizer) -> dict[str, Tensor]:
    """The weights with embeddings of the new tokens: the means of those of the pieces they were before, or, of a word
    with a capital, that of the same word in small letters where it is one token."""
    embeddings = weights[EMBEDDING]
    special = set(old.get_added_tokens_decoder())
    rows = [embeddings]
    for number in range(old.get_vocab_size(), new.get_vocab_size()):
        word = new.id_to_token(number) or ""
        small = old.token_to_id(word.lower().replace(SPACE.lower(), SPACE))
        pieces = [token.id for token in old.model.tokenize(word)] if small is None else [small]
        rows.append(embeddings[[piece for piece in pieces if piece not in special]].mean(0, keepdim=True))
    grown = torch.cat(rows)
    return {**weights, EMBEDDING: grown, HEAD: grown}


def _words(tokenizer: Tokenizer, text: str) -> list[str]:
    return [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)]


def _merged(words: Counter[Word], pair: tuple[str, str]) -> Counter[Word]:
    merged: Counter[Word] = Counter()
    for word, count in words.items():
        parts: list[str] = []
        for part in word:
            if parts and (parts[-1], part) == pair:
                parts[-1] += part
            else:
                parts.append(part)
        merged[tuple(parts)] += count
    return merged


def _with_merges(tokenizer: Tokenizer, merges: Iterable[tuple[str, str]]) -> Tokenizer:
    """The special tokens join the vocabulary of the model, so that its numbers have no holes."""
    described = json.loads(tokenizer.to_str())
    vocabulary = described["model"]["vocab"]
    vocabulary |= {token["content"]: token["id"] for token in described["added_tokens"]}
    for left, right in merges:
        vocabulary.setdefault(left + right, len(vocabulary))
        described["model"]["merges"].append([left, right])
    return Tokenizer.from_str(json.dumps(described))
