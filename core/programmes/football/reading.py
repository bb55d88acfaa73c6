"""What a text says of a match: exact on everything the commentator says, and of any other text what can be made out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from core.programmes.football.event import OF_NOBODY
from core.programmes.football.fixture import TEAMS, Fixture
from core.programmes.football.phrases import BOOK, KEYWORDS, STILL, STILL_NO_GOALS
from core.programmes.phrasebook import SENTENCE, Reading
from core.programmes.programme import Mention

KEYWORD = re.compile(rf"\b(?:{'|'.join(f'({words})' for words in KEYWORDS.values())})\b", re.I)
SCORE = re.compile(r"\b([^\W\d]+) (\d{1,4}),? ([^\W\d]+) (\d{1,4})\b")
TOLD_SCORE = re.compile(rf"(?::\s*)?(?:\b{STILL_NO_GOALS}\s+|\b{STILL}\s+)?{SCORE.pattern}", re.I)
"""A score with what stands in front of it."""
CLAUSE = re.compile(r"[.,!?;:]|\band\b")


def mentions(text: str, fixture: Fixture) -> list[Mention]:
    """What a text says. A score belongs to the event that is named last, or stands for itself."""
    named = parse(text, fixture)
    score = parse_score(text, fixture)
    if score is None:
        return named
    last = named.pop() if named else Mention("")
    return [*named, replace(last, facts={"score": fixture.score_text(score)})]


def parse(text: str, fixture: Fixture) -> list[Mention]:
    """The events named in a text, in order, without repeats. A team is named by its name, its keeper or its colour.

    A name that belongs to neither team is told as it is. Where a sentence is none of the commentator's, a keyword
    belongs to the team named in its clause, else to that named last.
    """
    named: list[Mention] = []
    last = ""
    for found in SENTENCE.finditer(text):
        said = TOLD_SCORE.sub(" ", found.group()).strip(" .,!?:;")
        exact = _exact(said)
        told = [_mention(exact, fixture)] if exact else list(_loose(said, fixture, last))
        for mention in told:
            last = mention.who or last
            if mention.kind and all(mention.kind != other.kind for other in named):
                named.append(mention)
    return named


def parse_score(text: str, fixture: Fixture) -> tuple[int, int] | None:
    """The last score in a text as goals of teams 0 and 1, None when there is none."""
    one, other = (name.lower() for name in fixture.names)
    told = None
    for first, goals, second, others in SCORE.findall(text):
        score = {first.lower(): int(goals), second.lower(): int(others)}
        if one in score and other in score:
            told = score[one], score[other]
    return told


@lru_cache(4096)
def _exact(said: str) -> Reading | None:
    """A phrase of the commentator's, read back."""
    readings = BOOK.read(said) if said else []
    return readings[0] if readings else None


def _mention(reading: Reading, fixture: Fixture) -> Mention:
    if reading.kind in OF_NOBODY:
        return Mention(reading.kind)
    name = reading.slots.get("t") or reading.slots.get("c", "")
    return Mention(reading.kind, team_named(name, fixture) or name)


def _loose(said: str, fixture: Fixture, last: str) -> Iterator[Mention]:
    """The keywords of a sentence, clause by clause, and the team each belongs to; one without a kind at its end."""
    for clause in CLAUSE.split(said):
        last = team_named(clause, fixture) or last
        for found in KEYWORD.finditer(clause):
            kind = list(KEYWORDS)[(found.lastindex or 0) - 1]
            yield Mention(kind, "" if kind in OF_NOBODY else last)
    yield Mention("", last)


def team_named(text: str, fixture: Fixture) -> str:
    """The team whose name, else keeper, comes first in a text; else a name of neither; else by colour; "" for none."""
    for names in (fixture.names, fixture.keepers):
        found = _either(names).search(text)
        if found:
            return fixture.names[(found.lastindex or 0) - 1]
    other = _any_team().search(text)
    if other:
        return other.group()
    found = _either(fixture.colours).search(text)
    return fixture.names[(found.lastindex or 0) - 1] if found else ""


@lru_cache(1)
def _any_team() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(TEAMS)})\b")


@lru_cache(256)
def _either(names: tuple[str, str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:({re.escape(names[0])})|({re.escape(names[1])}))\b", re.I)
