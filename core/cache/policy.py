"""The eviction policy (StreamingVLM, section 3.1). Pure: spans in, kept spans and their slices out. No torch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate, chain, takewhile

from core.config import StreamConfig
from core.prompt.ledger import Span, SpanKind

Slice = tuple[int, int]  # [start, stop) in the old order


@dataclass(frozen=True, slots=True)
class Windows:
    """How much is kept, in rounds and tokens.

    Attributes:
        text_rounds, vision_rounds: rounds whose words / vision tokens stay in place, the round about to come included.
        sink_tokens, text_window_tokens: first and last tokens of `previous text` that stay.
    """

    text_rounds: int
    vision_rounds: int
    sink_tokens: int
    text_window_tokens: int

    @classmethod
    def of(cls, config: StreamConfig, vision_share: float = 1.0) -> Windows:
        """Those of a stream that uses `vision_share` of its vision window."""
        cache = config.cache
        rounds = config.vision_rounds(vision_share)
        return cls(cache.text_rounds, rounds, cache.sink_tokens, cache.text_window_tokens)


@dataclass(frozen=True, slots=True)
class EvictionPlan:
    """What an eviction leaves.

    Attributes:
        spans: the kept spans in their new order.
        slices: [start, stop) of their tokens in the old order, listed in the new order, neighbours joined.
    """

    spans: list[Span]
    slices: list[Slice]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A span and the slices of the old order that its tokens come from."""

    span: Span
    slices: list[Slice]


def plan_eviction(spans: list[Span], coming_round: int, windows: Windows) -> EvictionPlan:
    """Plan the eviction that makes room for round `coming_round`.

    A round whose text has left the window gives its words to the end of `previous text` and loses the rest of its
    answer and its time stamp; one that has left the vision window loses its vision tokens; one that has lost both loses
    its user turn. Then `previous text` is trimmed to sink and window.
    """
    oldest_text = coming_round - windows.text_rounds + 1
    oldest_vision = coming_round - windows.vision_rounds + 1
    oldest = min(oldest_text, oldest_vision)
    untouched = max(oldest_text, oldest_vision, 0)
    kept: list[Span] = []
    slices: list[list[Slice]] = []  # of each kept span
    promoted: list[_Placed] = []
    previous = _Placed(Span(SpanKind.PREVIOUS_TEXT, ()), [])
    place = 0
    stop = 0
    for span in takewhile(lambda span: span.round < untouched, spans):
        start = stop
        stop = stop + len(span.tokens)
        if span.kind is SpanKind.PREVIOUS_TEXT:
            previous = _Placed(span, [(start, stop)])
            place = len(kept)
        elif span.kind is SpanKind.WORDS and span.round < oldest_text:
            promoted.append(_Placed(span, [(start, stop)]))
            continue
        elif 0 <= span.round < _oldest(span.kind, oldest, oldest_text, oldest_vision):
            continue
        kept.append(span)
        slices.append([(start, stop)])
    whole = _trim(_join(previous, promoted), windows)
    kept[place] = whole.span
    slices[place] = whole.slices
    rest = spans[bisect_left(spans, untouched, key=lambda span: span.round) :]
    end = stop + sum([len(span.tokens) for span in rest])
    return EvictionPlan(kept + rest, _merged([*chain.from_iterable(slices), (stop, end)]))


def plan_retraction(spans: list[Span], rounds: set[int], promoted: list[tuple[int, int]]) -> EvictionPlan:
    """Plan the removal of the words of some rounds; everything else stays.

    Args:
        rounds: whose words are removed.
        promoted: (round, tokens) of the lines at the end of `previous text`, oldest first.
    """
    kept = []
    for span, end in zip(spans, _ends(spans), strict=True):
        placed = _Placed(span, [(end - len(span.tokens), end)])
        if span.kind is SpanKind.WORDS and span.round in rounds:
            placed = _Placed(replace(span, tokens=()), [])
        elif span.kind is SpanKind.PREVIOUS_TEXT:
            placed = _without_lines(placed, rounds, promoted)
        kept.append(placed)
    return EvictionPlan([p.span for p in kept], _merged(piece for p in kept for piece in p.slices))


def _without_lines(previous: _Placed, rounds: set[int], promoted: list[tuple[int, int]]) -> _Placed:
    tokens = previous.span.tokens
    slices = previous.slices
    end = len(previous.span.tokens)
    for round_, length in reversed(promoted):
        start = max(0, end - length)
        if round_ in rounds:
            tail = len(tokens) - end
            slices = [*_section(slices, 0, start), *_section(slices, end, end + tail)]
            tokens = tokens[:start] + tokens[end:]
        end = start
    return _Placed(replace(previous.span, tokens=tokens), slices)


def _ends(spans: list[Span]) -> list[int]:
    return list(accumulate(len(span.tokens) for span in spans))


_WITH_TEXT = {SpanKind.TIME, SpanKind.ANSWER_OPEN, SpanKind.WORDS, SpanKind.STOP, SpanKind.ANSWER_CLOSE}


def _oldest(kind: SpanKind, either: int, text: int, vision: int) -> int:
    """The oldest round that keeps its span of that kind: by the text window, the vision window, or the longer one."""
    if kind in _WITH_TEXT:
        return text
    return vision if kind is SpanKind.VISION else either


def _join(previous: _Placed, promoted: Iterable[_Placed]) -> _Placed:
    tokens = list(previous.span.tokens)
    slices = list(previous.slices)
    for words in promoted:
        tokens += words.span.tokens
        slices += words.slices
    return _Placed(replace(previous.span, tokens=tuple(tokens)), slices)


def _trim(previous: _Placed, windows: Windows) -> _Placed:
    """Keep the first `sink_tokens` and the last `text_window_tokens`."""
    tokens = previous.span.tokens
    surplus = len(previous.span.tokens) - windows.sink_tokens - windows.text_window_tokens
    if surplus <= 0:
        return previous
    cut = windows.sink_tokens
    resume = windows.sink_tokens + surplus
    slices = [*_section(previous.slices, 0, cut), *_section(previous.slices, resume, len(tokens))]
    return _Placed(replace(previous.span, tokens=tokens[:cut] + tokens[resume:]), slices)


def _section(slices: list[Slice], start: int, stop: int) -> list[Slice]:
    """The part of concatenated slices between two offsets."""
    section = []
    offset = 0
    for a, b in slices:
        first = max(start - offset, 0)
        last = min(stop - offset, b - a)
        if first < last:
            section.append((a + first, a + last))
        offset += b - a
    return section


def _merged(slices: Iterable[Slice]) -> list[Slice]:
    """Neighbouring slices joined, empty ones left out."""
    merged: list[Slice] = []
    for start, stop in slices:
        if start == stop:
            continue
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], stop)
        else:
            merged.append((start, stop))
    return merged
