"""Logits processors: rules on whether a line is said at all, how long it is, and which words it may not have."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.config import SamplingConfig
from core.engine.sentence_penalty import SentencePenalty
from core.prompt.special import SpecialTokens

_MINUTE_S = 60.0


class LogitsProcessors:
    """Applies the rules of a SamplingConfig to the logits before each token of a line.

    A rule bans ids (their logits become -inf), forces one (all others become -inf) or takes the sentence penalty from
    some. Without rules logits are unchanged.

    Attributes:
        config: may be replaced between rounds.
        answering: the line answers a viewer's question, so no rule makes it silent.
        silenced: the rule that made the last line silent, by the name of its setting; "" for none.
    """

    def __init__(self, config: SamplingConfig, tokenizer: Tokenizer, special: SpecialTokens) -> None:
        self._tokenizer = tokenizer
        self._special = special
        self._word_counts: deque[tuple[float, int]] = deque()
        self._sentences: SentencePenalty | None = None
        self.config = config
        self.answering = False
        self.silenced = ""

    def begin(self, *, answering: bool) -> None:
        """A line begins."""
        self.answering = answering
        self.silenced = ""

    @property
    def config(self) -> SamplingConfig:
        return self._config

    @config.setter
    def config(self, config: SamplingConfig) -> None:
        self._config = config
        spellings = [spelling for word in config.bad_words for spelling in (word, " " + word)]
        self._bad = [self._ids(spelling) for spelling in spellings if spelling.strip()]
        if config.sentence_penalty and self._sentences is None:
            self._sentences = SentencePenalty(self._tokenizer, self._special)

    def _ids(self, spelling: str) -> tuple[int, ...]:
        """A token's own name is that token, also where it is a special one, which is text anywhere else."""
        token = self._tokenizer.token_to_id(spelling)
        return (token,) if token is not None else tuple(self._tokenizer.encode(spelling, add_special_tokens=False).ids)

    @property
    def inactive(self) -> bool:
        """Whether no rule is set, so that logits are never changed."""
        config = self._config
        limits = (config.words_per_minute, config.silence_threshold, config.max_words)
        rules = self._bad or config.min_words or config.sentence_penalty
        return not rules and all(limit is None for limit in limits)

    def apply(self, logits: Tensor, sampled: list[int], now: float) -> Tensor:
        """logits (vocab,) for the token after `sampled` of a line at source second `now` -> logits under the rules."""
        if not sampled:
            logits = self._apply_silence(logits, now)
        elif self._config.min_words and self._is_too_short(sampled):
            logits = _ban(logits, [self._special.stop_mark[0], self._special.im_end])
        if banned := [bad[-1] for bad in self._bad if tuple(sampled[len(sampled) - len(bad) + 1 :]) == bad[:-1]]:
            logits = _ban(logits, banned)
        penalty = self._config.sentence_penalty
        if self._sentences and penalty and not self.answering and (ids := self._sentences.repeating(sampled, now)):
            logits = _lower(logits, ids, penalty)
        if self._config.max_words is not None and sampled:
            logits = self._apply_max_words(logits, sampled)
        return logits

    def note(self, words: Sequence[int], text: str, now: float) -> None:
        """Take note of a finished line said at source second `now`. words: its ids, those of the stop mark left out."""
        if self._sentences:
            self._sentences.note(words, now)
        if text:
            self._word_counts.append((now, len(text.split())))
        while self._word_counts and self._word_counts[0][0] <= now - _MINUTE_S:
            self._word_counts.popleft()

    def _apply_silence(self, logits: Tensor, now: float) -> Tensor:
        config = self._config
        silence = self._special.stop_mark[0]
        if self.answering:
            return logits
        if config.words_per_minute is not None:
            recent = sum(words for at, words in self._word_counts if at > now - _MINUTE_S)
            if recent >= config.words_per_minute:
                self.silenced = "words_per_minute"
                return _force(logits, silence)
        if config.silence_threshold is None:
            return logits
        if float(logits.softmax(dim=-1)[silence]) >= config.silence_threshold:
            self.silenced = "silence_threshold"
            return _force(logits, silence)
        return _ban(logits, [silence])

    def _is_too_short(self, sampled: list[int]) -> bool:
        """Whether a line has fewer words than `min_words`; a silent one has not."""
        silent = tuple(sampled[: len(self._special.stop_mark)]) == self._special.stop_mark[: len(sampled)]
        return not silent and len(self._text(sampled).split()) < self._config.min_words

    def _apply_max_words(self, logits: Tensor, sampled: list[int]) -> Tensor:
        """Force the stop mark and the end once the last word allowed is complete."""
        assert self._config.max_words is not None
        mark = self._special.stop_mark
        done = _overlap(sampled, self._special.stop_mark)
        if done:
            return _force(logits, mark[done] if done < len(mark) else self._special.im_end)
        words = len(self._text(sampled).split())
        words_then = len(self._text([*sampled, int(logits.argmax())]).split())
        if words >= self._config.max_words and words_then > words:
            return _force(logits, mark[0])
        return logits

    def _text(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids, skip_special_tokens=True)


def _overlap(sampled: list[int], mark: tuple[int, ...]) -> int:
    """How many ids of the stop mark the line ends with."""
    return next((n for n in range(len(mark), 0, -1) if tuple(sampled[-n:]) == mark[:n]), 0)


def _ban(logits: Tensor, ids: list[int]) -> Tensor:
    """Logits of `ids` -> -inf."""
    return logits.index_fill(0, torch.tensor(ids, device=logits.device), -math.inf)


def _lower(logits: Tensor, ids: list[int], penalty: float) -> Tensor:
    """Take `penalty` from the logits of `ids`."""
    places = torch.tensor(ids, device=logits.device, dtype=torch.long)
    return logits.index_add(0, places, logits.new_full((len(ids),), -penalty))


def _force(logits: Tensor, token: int) -> Tensor:
    """Logits of all ids but `token` -> -inf."""
    forced = torch.full_like(logits, -math.inf)
    forced[token] = 0.0
    return forced
