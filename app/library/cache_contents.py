"""What the KV cache held when a line was said, worked out from a session's settings and lines by the policy's rules."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Protocol

from app.session.events import Session
from app.session.records import Record
from core.config import CacheConfig
from core.errors import CheckpointError
from core.model.token_counter import tokenizer_of_model
from core.prompt.special import STOP_MARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

END = "<|im_end|>"
WORDS_PER_TOKEN = 0.75
"""Of English text, roughly: for a session whose checkpoint is not on this machine."""


@dataclass(frozen=True, slots=True)
class CacheContents:
    """What a round's answer could attend to.

    Attributes:
        round: the round meant. mode: of the cache, as in `core.config`.
        vision_from: first round whose vision tokens were kept, up to `round`. vision_start: its source second.
        text_from: first round whose words stood in their own turn.
        sink, window: the first and the last words of `previous text`; what was said between is forgotten.
        sink_tokens, window_tokens: how many tokens these are.
        exact: counted by the checkpoint's own tokenizer, and not by words.
    """

    round: int
    mode: str
    vision_from: int
    vision_start: float
    text_from: int
    sink: str
    window: str
    sink_tokens: int
    window_tokens: int
    exact: bool


class CacheHistory:
    """The contents of a session's cache, round by round.

    What a memory limit or the repetition guard took away besides is not in the events, and not told.
    """

    def __init__(self, session: Session) -> None:
        """Reads the checkpoint's tokenizer, where it is on this machine."""
        settings = session.settings
        self._cache = _cache_config(settings)
        self._chunk_s = _number(settings, "chunk_s", 1.0)
        self._text = _text_of(settings)
        self._rounds = {event["round"]: event for event in session.events if event["type"] == "line"}
        self._order = sorted(self._rounds)
        self._contexts = _contexts(session)

    def at(self, number: int) -> CacheContents | None:
        """What it held when round `number` was answered; None for a round that is not in the session."""
        if number not in self._rounds:
            return None
        first = self._first_after_reset(number)
        evicts = self._cache.behaviour.evicts
        text_from = max(first, number - self._cache.text_rounds + 1) if evicts else first
        vision_from = max(first, number - self._vision_rounds() + 1) if evicts else first
        sink, window = self._previous_text(number, first, text_from)
        start = self._rounds[self._order[bisect_left(self._order, vision_from)]]["start"]
        text = self._text
        return CacheContents(
            round=number,
            mode=self._cache.mode,
            vision_from=vision_from,
            vision_start=start,
            text_from=text_from,
            sink=text.decode(sink),
            window=text.decode(window),
            sink_tokens=text.tokens(len(sink)),
            window_tokens=text.tokens(len(window)),
            exact=text.exact,
        )

    def _vision_rounds(self) -> int:
        return max(1, round(self._cache.vision_window_s / self._chunk_s))

    def _previous_text(self, number: int, first: int, text_from: int) -> tuple[list[Any], list[Any]]:
        """Sink and window of `previous text`: the context, then the words of rounds that left their turns."""
        context = next(text for before, text in reversed(self._contexts) if before <= number)
        text = self._text
        sink_units = text.units(self._cache.sink_tokens)
        window_units = text.units(self._cache.text_window_tokens)
        said = self._order[bisect_left(self._order, first) : bisect_left(self._order, text_from)]
        units = text.encode(context)
        read = 0
        while len(units) < sink_units and read < len(said):
            units += text.words(self._rounds[said[read]])
            read += 1
        newest: list[list[Any]] = []  # of many hours only the last rounds are read
        while sum(map(len, newest)) < window_units and read < len(said):
            newest.append(text.words(self._rounds[said.pop()]))
        rest = units[sink_units:] + [unit for words in reversed(newest) for unit in words]
        return units[:sink_units], rest[max(0, len(rest) - window_units) :]

    def _first_after_reset(self, number: int) -> int:
        """The round that the cache began with: the first one, or in mode “window” the last at which all was dropped."""
        first = self._order[0]
        reset_at = 0.0
        for earlier in self._order if self._cache.behaviour.resets else ():
            start = self._rounds[earlier]["start"]
            if earlier <= number and start - reset_at >= self._cache.window_reset_s:
                first = earlier
                reset_at = start
        return first


class _Text(Protocol):
    """Texts in units that the cache's limits are counted in."""

    exact: bool

    def encode(self, text: str) -> list[Any]: ...
    def words(self, line: Record) -> list[Any]: ...
    def decode(self, units: Sequence[Any]) -> str: ...
    def units(self, tokens: int) -> int: ...
    def tokens(self, units: int) -> int: ...


class _Tokens:
    """In tokens of the checkpoint."""

    exact = True

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._stop = tokenizer.encode(STOP_MARK, add_special_tokens=False).ids
        self._end = tokenizer.token_to_id(END)

    def encode(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids) if text else []

    def words(self, line: Record) -> list[int]:
        """The ids as they were sampled, without those that end an answer; of an older session its text's."""
        ids = line.get("tokens")
        if not isinstance(ids, list) or not all(isinstance(token, int) and 0 <= token < 1 << 32 for token in ids):
            return self.encode(line["text"])
        if not ids:
            return self.encode(line["text"])
        if ids[-1] == self._end:
            ids = ids[:-1]
        return ids[: -len(self._stop)] if ids[-len(self._stop) :] == self._stop else list(ids)

    def decode(self, units: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(units), skip_special_tokens=True)).strip()

    def units(self, tokens: int) -> int:
        return tokens

    def tokens(self, units: int) -> int:
        return units


class _Words:
    """In words, where no tokenizer is at hand."""

    exact = False

    def encode(self, text: str) -> list[str]:
        return text.split()

    def words(self, line: Record) -> list[str]:
        return str(line["text"]).split()

    def decode(self, units: Sequence[str]) -> str:
        return " ".join(units)

    def units(self, tokens: int) -> int:
        return max(1, round(tokens * WORDS_PER_TOKEN))

    def tokens(self, units: int) -> int:
        return round(units / WORDS_PER_TOKEN)


def _text_of(settings: Record) -> _Text:
    model = settings.get("model")
    try:
        tokenizer = tokenizer_of_model(model if isinstance(model, str) else "")
    except CheckpointError:
        tokenizer = None
    return _Words() if tokenizer is None else _Tokens(tokenizer)


def _cache_config(settings: Record) -> CacheConfig:
    """That of the session; what it does not tell, or tells wrongly, is as usual."""
    told = settings.get("cache")
    usual = CacheConfig()
    if not isinstance(told, dict):
        return usual
    fitting = {
        known.name: told[known.name]
        for known in fields(CacheConfig)
        if isinstance(told.get(known.name), str if known.name == "mode" else int | float)
    }
    given = CacheConfig(**fitting)
    return given if given.mode in ("streaming", "full", "window", "recompute", "native") else usual


def _contexts(session: Session) -> list[tuple[int, str]]:
    """(round from which on, context told), in order; the first holds from the beginning."""
    context = session.settings.get("context")
    found = [(-1, context if isinstance(context, str) else "")]
    reached = -1
    for event in session.events:
        if event["type"] == "line":
            reached = max(reached, event["round"])
        elif event["type"] == "steer" and isinstance(event.get("context"), str):
            found.append((reached + 1, event["context"]))
    return found


def _number(settings: Record, name: str, otherwise: float) -> float:
    value = settings.get(name)
    return float(value) if isinstance(value, int | float) and 0 < value < 1e6 else otherwise
