"""Rules on the words of one line: when to speak at all, how long, and which words never."""

from __future__ import annotations

import math
from collections import deque

import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.config import SamplingConfig
from core.prompt.special import SpecialTokens

_MINUTE_S = 60.0


class LogitsProcessors:
    """Applies the rules of a SamplingConfig to the logits of each token of a line.

    A rule bans ids (their logits become -inf) or leaves one id alone (all others do). With no rule set, logits pass
    untouched.

    Attributes:
        config: may be replaced between rounds.
        answering: the line answers a viewer's question, so that no rule keeps it silent.
    """

    def __init__(self, config: SamplingConfig, tokenizer: Tokenizer, special: SpecialTokens) -> None:
        self._tokenizer = tokenizer
        self._special = special
        self._spoken: deque[tuple[float, int]] = deque()
        self.config = config
        self.answering = False

    @property
    def config(self) -> SamplingConfig:
        return self._config

    @config.setter
    def config(self, config: SamplingConfig) -> None:
        self._config = config
        spellings = [spelling for word in config.bad_words for spelling in (word, " " + word)]
        self._bad = [tuple(self._tokenizer.encode(s, add_special_tokens=False).ids) for s in spellings if s.strip()]

    @property
    def free(self) -> bool:
        """Whether no rule is set."""
        config = self._config
        limits = (config.words_per_minute, config.silence_threshold, config.max_words)
        return not self._bad and not config.min_words and all(limit is None for limit in limits)

    def apply(self, logits: Tensor, sampled: list[int], now: float) -> Tensor:
        """logits (vocab,) for the token after `sampled` of a line at source second `now`."""
        if not sampled:
            logits = self._speak_or_not(logits, now)
        elif self._config.min_words and self._short(sampled):
            logits = _without(logits, [self._special.stop_mark[0], self._special.im_end])
        if banned := [bad[-1] for bad in self._bad if tuple(sampled[len(sampled) - len(bad) + 1 :]) == bad[:-1]]:
            logits = _without(logits, banned)
        if self._config.max_words is not None and sampled:
            logits = self._stop_in_time(logits, sampled)
        return logits

    def count_words(self, text: str, now: float) -> None:
        """Count a finished line."""
        if text:
            self._spoken.append((now, len(text.split())))
        while self._spoken and self._spoken[0][0] <= now - _MINUTE_S:
            self._spoken.popleft()

    def _speak_or_not(self, logits: Tensor, now: float) -> Tensor:
        config = self._config
        silence = self._special.stop_mark[0]
        if self.answering:
            return logits
        if config.words_per_minute is not None:
            recent = sum(words for at, words in self._spoken if at > now - _MINUTE_S)
            if recent >= config.words_per_minute:
                return _only(logits, silence)
        if config.silence_threshold is None:
            return logits
        if float(logits.softmax(dim=-1)[silence]) >= config.silence_threshold:
            return _only(logits, silence)
        return _without(logits, [silence])

    def _short(self, sampled: list[int]) -> bool:
        """Whether a spoken line has too few words yet. Silence is no short line."""
        silent = tuple(sampled[: len(self._special.stop_mark)]) == self._special.stop_mark[: len(sampled)]
        return not silent and len(self._text(sampled).split()) < self._config.min_words

    def _stop_in_time(self, logits: Tensor, sampled: list[int]) -> Tensor:
        """Once the last word allowed is complete, nothing but the stop mark and the end can follow."""
        assert self._config.max_words is not None
        mark = self._special.stop_mark
        done = _overlap(sampled, self._special.stop_mark)
        if done:
            return _only(logits, mark[done] if done < len(mark) else self._special.im_end)
        words = len(self._text(sampled).split())
        grown = len(self._text([*sampled, int(logits.argmax())]).split())
        if words >= self._config.max_words and grown > words:
            return _only(logits, mark[0])
        return logits

    def _text(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids, skip_special_tokens=True)


def _overlap(sampled: list[int], mark: tuple[int, ...]) -> int:
    """How many ids of the stop mark the line ends in."""
    return next((n for n in range(len(mark), 0, -1) if tuple(sampled[-n:]) == mark[:n]), 0)


def _without(logits: Tensor, ids: list[int]) -> Tensor:
    return logits.index_fill(0, torch.tensor(ids, device=logits.device), -math.inf)


def _only(logits: Tensor, token: int) -> Tensor:
    alone = torch.full_like(logits, -math.inf)
    alone[token] = 0.0
    return alone
