"""Step 4: pieces for annealing: 16 to 64 s, dense, without overlap, of real-time commentary."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.chat.cost import Cost, tokens_of
from core.data.clean import Asking, Cleaned
from core.data.cleaning_prompt import live_messages, read_live
from core.data.cut import sample
from core.data.sample import Sample, Word
from core.data.step import run_all
from core.data.transcript import sentences, text_of
from core.data.verdict import Sentence

TOKENS_PER_SENTENCE = 3
NOT_LIVE = re.compile(
    r"\b(?:years? ago|last (?:year|season|week|month|night|time)|(?:next|this) (?:week|month)|in (?:19|20)\d\d|back in"
    r"|was born|grew up|used to|career|all[- ]time|history|historically|statistics?|stats|on average|percent"
    r"|since (?:19|20)\d\d|coming up|stay tuned|earlier (?:today|this)|join us|interview|joined by|social media"
    r"|championships? (?:in|won)|record(?:s|ed)? (?:for|in|of)|ranked|debut)\b",
    re.IGNORECASE,
)
"""Words of history, numbers and announcements rather than of what is to be seen."""


@dataclass(frozen=True, slots=True)
class AnnealSettings:
    """Which pieces are taken.

    Attributes:
        shortest_s, longest_s: of a piece. most_silence_s: between two words of it.
        words_per_s: at least. live_share: of its words in sentences about what happens now, at least.
    """

    shortest_s: float = 16.0
    longest_s: float = 64.0
    most_silence_s: float = 3.0
    words_per_s: float = 2.0
    live_share: float = 0.8


@dataclass(frozen=True, slots=True)
class Selected:
    """Pieces of one recording.

    Attributes:
        found: how many there are. nonsense: those whose answer made no sense; they are left out.
        samples: those that are kept, in order of time.
    """

    found: int
    nonsense: int
    samples: tuple[Sample, ...]


def find_pieces(words: Sequence[Word], end: float, settings: AnnealSettings) -> list[tuple[float, float]]:
    """(start, end) in whole seconds of pieces that do not overlap; together they cover as many seconds as they can.

    A piece begins and ends with a sentence. A recording of `end` seconds has none behind its last whole second.
    """
    inside = [word for word in words if word.end <= math.floor(end)]
    return [piece for run in _runs(inside, settings.most_silence_s) for piece in _best(run, settings)]


def _runs(words: Sequence[Word], most_silence_s: float) -> Iterator[list[Sentence]]:
    """Sentences between silences that are too long; a pause inside a sentence counts as well."""
    run: list[Word] = []
    for word in sorted(words, key=lambda word: word.end):
        if run and word.start - run[-1].end > most_silence_s:
            yield list(sentences(run))
            run = []
        run.append(word)
    if run:
        yield list(sentences(run))


def _best(run: list[Sentence], settings: AnnealSettings) -> list[tuple[float, float]]:
    """Dynamic programming over the ends of sentences: the most seconds in the first k of them, in the fewest pieces."""
    covered = [(0.0, 0)]  # (seconds, -pieces)
    chosen: list[tuple[int, tuple[float, float]] | None] = [None]
    for last in range(1, len(run) + 1):
        best = covered[last - 1]
        choice = None
        for first in range(last - 1, -1, -1):
            if run[last - 1][-1].end - run[first][0].start > settings.longest_s:
                break
            piece = _piece(run, first, last)
            gain = (covered[first][0] + piece[1] - piece[0], covered[first][1] - 1)
            if gain > best and _dense(run, first, last, piece, settings):
                best = gain
                choice = (first, piece)
        covered.append(best)
        chosen.append(choice)
    return _walk_back(chosen)


def _piece(run: list[Sentence], first: int, last: int) -> tuple[float, float]:
    """The whole seconds of the sentences [first, last): from the second after the words before to their last one."""
    start = math.floor(run[first][0].start)
    if first:
        start = max(start, math.ceil(run[first - 1][-1].end))
    return float(start), float(math.ceil(run[last - 1][-1].end))


def _dense(run: list[Sentence], first: int, last: int, piece: tuple[float, float], settings: AnnealSettings) -> bool:
    seconds = piece[1] - piece[0]
    words = sum(word.end > piece[0] for sentence in run[first:last] for word in sentence)
    return settings.shortest_s <= seconds <= settings.longest_s and words >= settings.words_per_s * seconds


def _walk_back(chosen: list[tuple[int, tuple[float, float]] | None]) -> list[tuple[float, float]]:
    pieces = []
    last = len(chosen) - 1
    while last > 0:
        choice = chosen[last]
        if choice is None:
            last -= 1
            continue
        last, piece = choice
        pieces.append(piece)
    return pieces[::-1]


def select(
    cleaned: Cleaned, title: str, context: str, settings: AnnealSettings, asking: Asking | None, previous_words: int = 0
) -> tuple[Selected, Cost]:
    """The pieces of a recording that tell of what happens, by rule or by asking. Raises EndpointError."""
    words = sorted(cleaned.words, key=lambda word: word.end)
    pieces = [
        sample(cleaned, words, start, end, title, context, previous_words)
        for start, end in find_pieces(words, cleaned.end, settings)
    ]
    if asking is None:
        shares: list[float | None] = [rule_share(sentences(piece.words)) for piece in pieces]
        cost = Cost()
    else:
        shares, cost = _asked(pieces, asking)
    kept = tuple(p for p, share in zip(pieces, shares, strict=True) if (share or 0.0) >= settings.live_share)
    return Selected(len(pieces), sum(share is None for share in shares), kept), cost


def rule_share(said: Sequence[Sentence]) -> float:
    """Share of the words that stand in sentences without words of history, numbers and announcements."""
    return _share(said, frozenset(n for n, sentence in enumerate(said, 1) if not NOT_LIVE.search(text_of(sentence))))


def _share(said: Sequence[Sentence], live: frozenset[int]) -> float:
    total = sum(map(len, said))
    return sum(len(sentence) for n, sentence in enumerate(said, 1) if n in live) / total if total else 0.0


def estimate(cleaned: Cleaned, settings: AnnealSettings, title: str, asking: Asking) -> Cost:
    """What choosing will cost; answers that are kept already cost nothing."""
    words = sorted(cleaned.words, key=lambda word: word.end)
    total = Cost()
    for start, end in find_pieces(words, cleaned.end, settings):
        piece = sample(cleaned, words, start, end, title, "", 1)
        messages = live_messages(piece.query, sentences(piece.words))
        if asking.replies.get(asking.endpoint, messages) is None:
            asked = sum(tokens_of(message["content"]) for message in messages)
            total += Cost(1, asked, TOKENS_PER_SENTENCE * len(sentences(piece.words)) + TOKENS_PER_SENTENCE)
    return total


def _asked(pieces: list[Sample], asking: Asking) -> tuple[list[float | None], Cost]:
    """The share of live words of each piece (None for an answer that makes no sense), and what asking cost."""
    shares: dict[int, float | None] = {}
    costs: list[Cost] = []

    def ask(number: int) -> float | None:
        said = sentences(pieces[number].words)
        messages = live_messages(pieces[number].query, said)
        reply = asking.replies.get(asking.endpoint, messages)
        if reply is None:
            reply = asking.endpoint.ask(messages)
            costs.append(Cost(1, reply.prompt_tokens, reply.completion_tokens))
        live = read_live(reply.text, len(said))
        if live is not None:
            asking.replies.put(asking.endpoint, messages, reply)
        return None if live is None else _share(said, live)

    run_all(range(len(pieces)), ask, asking.parallel, shares.__setitem__, asking.endpoint.stop)
    return [shares[number] for number in range(len(pieces))], sum(costs, Cost())
