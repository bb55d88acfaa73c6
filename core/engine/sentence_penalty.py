"""The sentence penalty: what was said in the last two minutes is said in other words, where the model knows any."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from tokenizers import Tokenizer

from core.prompt.special import SpecialTokens

APART_S = 120.0
ENDS = (".", "!", "?")


class SentencePenalty:
    """Finds the tokens that would begin or continue a sentence said within APART_S.

    Like the DRY penalty of other engines it looks at sequences instead of single tokens, but from the first token of a
    sentence on, where its wording is chosen. A sentence with a digit states a fact, and may come again.
    """

    def __init__(self, tokenizer: Tokenizer, special: SpecialTokens) -> None:
        texts = {
            token: tokenizer.decode([token], skip_special_tokens=True) for token in range(tokenizer.get_vocab_size())
        }
        self._ends = {token for token, text in texts.items() if text.endswith(ENDS)} - {*special.stop_mark}
        self._digits = {token for token, text in texts.items() if any(sign.isdigit() for sign in text)}
        self._said: deque[tuple[float, tuple[int, ...]]] = deque()

    def note(self, words: Sequence[int], now: float) -> None:
        """Remember the sentences of a line said at source second `now`. words: its ids without the stop mark."""
        self._said.extend((now, sentence) for sentence in self._sentences(words) if not self._digits & {*sentence})
        while self._said and self._said[0][0] < now - APART_S:
            self._said.popleft()

    def repeating(self, sampled: Sequence[int], now: float) -> list[int]:
        """Ids that would go on as a sentence of the last APART_S did, after the ids `sampled` of a line; each once."""
        begun = next(reversed([*self._sentences(sampled)]), ())
        if begun and begun[-1] in self._ends:
            begun = ()
        length = len(begun)
        said = (sentence for at, sentence in self._said if at >= now - APART_S)
        return sorted({one[length] for one in said if len(one) > length and one[:length] == begun})

    def _sentences(self, ids: Sequence[int]) -> Iterator[tuple[int, ...]]:
        begin = 0
        for place, token in enumerate(ids, start=1):
            if token in self._ends or place == len(ids):
                yield tuple(ids[begin:place])
                begin = place
