"""Finding the lines of a stretch that speak of something, by SQLite's full-text search over these lines alone."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from app.library.cues import Cue

WORD = re.compile(r"\w+")
LEAST_SHARE = 0.5
"""Of a sentence's words that its lines must hold; of the best line's score that another one must reach."""
MAX_LINKS = 3
_COMMON = """
a about after all also am an and any are as at be been before between by can did do does during for from had has have
he her him his how i if in into is it its me my no not of off on once one or our out over says she so some than that the
their them then there these they this those through to up us was we were what when where which while who whom whose why
will with would you your
aber als am an auch auf aus bei bis da dann das dass dem den der des die du ein eine einem einen einer es für hat hatte
ich ihr im in ist kein man mit nach nicht noch nur ob oder sich sie sind so über um und uns von vor war was wann wen wer
wie wir wird wo zu zum zur zwischen
"""
_ASKING = """
happen happened happens happening going went goes go tell summary summarise summarize describe show geschah passiert
passierte los
"""
COMMON = frozenset(_COMMON.split())
"""Words that say nothing of what a text is about."""
ASKING = frozenset(_ASKING.split())
"""Words of a question that ask for all there is."""


@dataclass(frozen=True, slots=True)
class Support:
    """The lines that hold a sentence up, by time, and the share of its words that they hold."""

    lines: tuple[Cue, ...]
    share: float


class Passages:
    """The lines of a stretch. Use from one thread; close it."""

    def __init__(self, found: Sequence[Cue]) -> None:
        self._cues = list(found)
        self._connection = sqlite3.connect(":memory:")
        table = "CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2')"
        self._connection.execute(table)
        rows = [(number, cue.flat) for number, cue in enumerate(self._cues)]
        self._connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", rows)

    def close(self) -> None:
        self._connection.close()

    def best(self, question: str, most: int) -> list[Cue]:
        """The lines that speak most of what is asked, by time; none where no line holds one of its words."""
        holders = self._holders(telling_words(question))
        scores = self._scores(holders)
        if not scores:
            return []
        least = LEAST_SHARE * max(scores.values())
        ranked = sorted((number for number in scores if scores[number] >= least), key=lambda n: (-scores[n], n))
        return [self._cues[number] for number in sorted(ranked[:most])]

    def support(self, sentence: str) -> Support | None:
        """The lines that a sentence rests on; None where they hold too few of its words, or not all of its numbers."""
        words = telling_words(sentence)
        holders = self._holders(words)
        chosen: list[int] = []
        open_words = {word for word, numbers in holders.items() if numbers}
        found = len(open_words)
        while open_words and len(chosen) < MAX_LINKS:
            scores = self._scores({word: holders[word] for word in open_words})
            best = max(scores, key=lambda number: (scores[number], -number))
            chosen.append(best)
            open_words = {word for word in open_words if best not in holders[word]}
        covered = {word for word in words if any(number in holders[word] for number in chosen)}
        numbers = {word for word in words if word.isdigit()}
        if not chosen or not found or len(covered) < LEAST_SHARE * len(words) or not numbers <= covered:
            return None
        return Support(tuple(self._cues[number] for number in sorted(chosen)), len(covered) / len(words))

    def _holders(self, words: list[str]) -> dict[str, set[int]]:
        """The lines that hold each word, in any of its forms."""
        query = "SELECT rowid FROM words WHERE words MATCH ?"
        return {word: {row[0] for row in self._connection.execute(query, (f'"{word}"',))} for word in words}

    def _scores(self, holders: dict[str, set[int]]) -> dict[int, float]:
        """Of each line that holds one of the words: the sum of their weights, the rarer ones weighing more."""
        scores: dict[int, float] = {}
        for numbers in holders.values():
            for number in numbers:
                weight = math.log(1 + len(self._cues) / len(numbers))
                scores[number] = scores.get(number, 0.0) + weight
        return scores


def telling_words(text: str) -> list[str]:
    """The words of a text that say what it is about, each once, in small letters."""
    words = [word.casefold() for word in WORD.findall(text)]
    return list(dict.fromkeys(word for word in words if word not in COMMON))


def asks_for_all(question: str) -> bool:
    """Whether a question names nothing in particular: “What happened?”."""
    return not [word for word in telling_words(question) if word not in ASKING]
