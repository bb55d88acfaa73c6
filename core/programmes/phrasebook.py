"""Sentences for what happens: chosen so that none comes twice within two minutes, and read back from any text.

A sentence is written with slots: "{Who} goes down, that's {n}." A slot's first letter may be a capital, which makes the
word's first letter one. Phrases of one kind may be split into moods, "kill" and "kill/again": a mood is asked for by
name, and reads back as its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from random import Random

APART_S = 120.0
"""No sentence is said again until this long after it."""

SLOT = re.compile(r"\{(\w+)\}")
SENTENCE = re.compile(r"[^.!?]+[.!?]+(?=\s|$)|[^.!?]+$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence read back: its kind, and what stood in its slots (in lower case names, words as written)."""

    kind: str
    slots: Mapping[str, str]


class Phrasebook:
    """The phrases of a programme. Immutable; what has been said is kept by a `Teller`.

    Args:
        phrases: for each kind, or kind and mood, its phrases.
        words: for each slot, a regular expression of what may stand there.
        keywords: for each kind, a regular expression that tells it in a sentence which is none of the phrases: a model
            may mix its words.
        named: the slot that is looked for in such a sentence.
    """

    def __init__(
        self,
        phrases: Mapping[str, Sequence[str]],
        words: Mapping[str, str],
        keywords: Mapping[str, str],
        named: str,
    ) -> None:
        self.phrases = phrases
        self._named = named
        self._name = re.compile(rf"\b(?:{words[named]})\b", re.I)
        self._keywords = [(kind, re.compile(rf"\b(?:{words_})\b", re.I)) for kind, words_ in keywords.items()]
        self._exact = [
            (key.partition("/")[0], re.compile(_pattern(phrase, words), re.I))
            for key, all_ in phrases.items()
            for phrase in all_
        ]

    def filled(self, mood: str, slots: Mapping[str, str]) -> list[str]:
        """Every sentence of a mood whose slots are among these."""
        return [_written(phrase, slots) for phrase in self.phrases[mood] if _has_words(phrase, slots)]

    def read(self, text: str) -> list[Reading]:
        """What the sentences of a text say, in order; those that say nothing known are left out."""
        readings = (self._read_sentence(found.group().strip()) for found in SENTENCE.finditer(text))
        return [reading for reading in readings if reading is not None]

    def _read_sentence(self, sentence: str) -> Reading | None:
        for kind, pattern in self._exact:
            found = pattern.fullmatch(sentence)
            if found:
                slots = {name: word for name, word in found.groupdict().items() if word is not None}
                return Reading(kind, slots)
        name = self._name.search(sentence)
        for kind, pattern in self._keywords:
            if pattern.search(sentence):
                return Reading(kind, {self._named: name.group().lower()} if name else {})
        return None


class Teller:
    """Says sentences of a phrasebook, none twice within APART_S. One for each episode."""

    def __init__(self, book: Phrasebook, rng: Random, in_turn: bool = False) -> None:
        """`in_turn`: a mood's phrases come in the book's order, from a random one on, so that which is next can be
        learnt; else at random."""
        self._book = book
        self._rng = rng
        self._in_turn = in_turn
        self._next: dict[str, int] = {}
        self._said: dict[str, float] = {}

    def say(
        self,
        moods: Iterable[str],
        slots: Mapping[str, str],
        time_s: float,
        longest: float = inf,
        length: Callable[[str], int] = len,
    ) -> str:
        """A sentence of the first mood that has a fresh one; "" when none has.

        Args:
            moods: "kind" or "kind/mood", the most fitting first. slots: words for the slots; a phrase with a slot that
                is not among them is passed over.
            longest: a sentence's greatest `length`.
        """
        self._said = {text: at for text, at in self._said.items() if time_s - at < APART_S}
        for mood in moods:
            for place, phrase in self._order(mood):
                if _has_words(phrase, slots):
                    text = _written(phrase, slots)
                    if text.lower() not in self._said and length(text) <= longest:
                        self._said[text.lower()] = time_s
                        self._next[mood] = place + 1
                        return text
        return ""

    def _order(self, mood: str) -> list[tuple[int, str]]:
        """Place and words of a mood's phrases, in the order in which they are tried."""
        phrases = list(enumerate(self._book.phrases[mood]))
        if not self._in_turn:
            self._rng.shuffle(phrases)
            return phrases
        start = self._next.setdefault(mood, self._rng.randrange(len(phrases))) % len(phrases)
        return phrases[start:] + phrases[:start]


def _has_words(phrase: str, slots: Mapping[str, str]) -> bool:
    return all(name.lower() in slots for name in _slots_of(phrase))


def _written(phrase: str, slots: Mapping[str, str]) -> str:
    for name in _slots_of(phrase):
        phrase = phrase.replace(f"{{{name}}}", filled(name, slots))
    return phrase


@lru_cache(2048)
def _slots_of(phrase: str) -> tuple[str, ...]:
    return tuple(SLOT.findall(phrase))


def filled(name: str, slots: Mapping[str, str]) -> str:
    """A slot's word, with a capital where its name has one."""
    word = slots[name.lower()]
    return word[:1].upper() + word[1:] if name[0].isupper() else word


def _pattern(phrase: str, words: Mapping[str, str]) -> str:
    """The regular expression of a phrase; a slot that comes twice is read the first time."""
    parts = SLOT.split(phrase)
    pattern = ""
    met: set[str] = set()
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pattern += re.escape(part)
            continue
        name = part.lower()
        pattern += f"(?:{words[name]})" if name in met else f"(?P<{name}>{words[name]})"
        met.add(name)
    return pattern


ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip


def ordinal(number: int) -> str | None:
    """1 to 20 as a word; None for others, which are said as numbers."""
    return ORDINALS[number - 1] if 1 <= number <= len(ORDINALS) else None


def with_article(name: str) -> str:
    """A name with "a" or "an"."""
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"
