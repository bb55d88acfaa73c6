"""Incremental detokenisation: text from token ids as they are sampled, never half a character or the stop mark."""

from __future__ import annotations

from tokenizers import Tokenizer

from core.prompt.special import STOP_MARK

_HALF_CHARACTER = "\N{REPLACEMENT CHARACTER}"


class Detokenizer:
    """One answer. `push` returns characters that later ids cannot change; `finish` returns the rest.

    Text at the end that may become the stop mark ` ...`, or that ends inside a character, is held back.
    """

    def __init__(self, tokenizer: Tokenizer, hidden: frozenset[int] = frozenset()) -> None:
        self._tokenizer = tokenizer
        self._hidden = hidden
        self._ids: list[int] = []
        self._returned = 0

    def push(self, token: int) -> str:
        """Add one sampled id; returns the new characters, often ""."""
        if token not in self._hidden:
            self._ids.append(token)
        text = self._decode()
        certain = text.rstrip(_HALF_CHARACTER) if text.endswith(_HALF_CHARACTER) else text
        return self._take(certain[: len(certain) - _held_back(certain)])

    def finish(self) -> str:
        """The characters still held back, without the stop mark."""
        return self._take(self._decode().removesuffix(STOP_MARK))

    def text(self) -> str:
        """The whole answer without the stop mark, spaces round it removed."""
        return self._decode().removesuffix(STOP_MARK).strip()

    def _decode(self) -> str:
        return self._tokenizer.decode(self._ids, skip_special_tokens=True)

    def _take(self, certain: str) -> str:
        new = certain[self._returned :]
        self._returned = max(self._returned, len(certain))
        return new


def _held_back(text: str) -> int:
    """Length of the longest end of `text` that is a beginning of the stop mark."""
    return next((n for n in range(len(STOP_MARK), 0, -1) if text.endswith(STOP_MARK[:n])), 0)
