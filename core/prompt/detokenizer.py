"""Token ids to text while they are being sampled: never half a character, never the stop mark."""

from __future__ import annotations

from tokenizers import Tokenizer

from core.prompt.special import STOP_MARK

_HALF_CHARACTER = "\N{REPLACEMENT CHARACTER}"


class Detokenizer:
    """One answer. `push` gives the characters that have become certain; `finish` the rest.

    A tail that could still grow into the stop mark ` ...` is held back, and so is a tail that ends inside a character.
    """

    def __init__(self, tokenizer: Tokenizer, hidden: frozenset[int] = frozenset()) -> None:
        self._tokenizer = tokenizer
        self._hidden = hidden
        self._ids: list[int] = []
        self._given = 0

    def push(self, token: int) -> str:
        """Add one sampled id; returns the new certain characters, often ""."""
        if token not in self._hidden:
            self._ids.append(token)
        text = self._decode()
        certain = text.rstrip(_HALF_CHARACTER) if text.endswith(_HALF_CHARACTER) else text
        return self._take(certain[: len(certain) - _held(certain)])

    def finish(self) -> str:
        """The characters still held back, without the stop mark."""
        return self._take(self._decode().removesuffix(STOP_MARK))

    def text(self) -> str:
        """The whole answer without the stop mark, spaces round it removed."""
        return self._decode().removesuffix(STOP_MARK).strip()

    def _decode(self) -> str:
        return self._tokenizer.decode(self._ids, skip_special_tokens=True)

    def _take(self, certain: str) -> str:
        new = certain[self._given :]
        self._given = max(self._given, len(certain))
        return new


def _held(text: str) -> int:
    """Length of the longest tail of `text` that is a beginning of the stop mark."""
    return next((n for n in range(len(STOP_MARK), 0, -1) if text.endswith(STOP_MARK[:n])), 0)
