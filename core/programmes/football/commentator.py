"""The truth in words, and the words read back.

The commentator knows the events; a model has to learn them from the picture. `parse` and
`parse_score` read any text, and are exact on everything the commentator says.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from itertools import pairwise

from core.programmes.football.event import MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.football.simulator import Match
from core.programmes.programme import EARLY_S, LATE_S, Mention, in_round

# {c} the acting team's colour, {t} the team, {k} the keeper of the acting team, {s} the score. The colour comes first:
# it is what the picture shows; the name that goes with it stands in the context, in the same words.
PHRASES = {
    "kick-off": (
        "In {c}, {t} kick off.", "In {c}, {t} get us under way.", "In {c}, {t} kick off. {s}.",
        "In {c}, {t} take the kick-off. {s}.",
    ),
    "shot": (
        "In {c}, {t} shoot!", "In {c}, {t} try a shot!", "In {c}, {t} strike!", "In {c}, {t} have a shot!",
        "In {c}, {t} go for a shot!", "In {c}, {t} take the shot!",
    ),
    "goal": (
        "In {c}, {t} score! {s}.", "In {c}, {t} find the net! {s}.", "In {c}, {t} have a goal! {s}.",
        "In {c}, {t} get the goal! {s}.",
    ),
    "save": (
        "In {c}, {t} keeper {k} saves!", "In {c}, {t} keeper {k} makes the save!",
        "In {c}, {t} keeper {k} with the save!", "In {c}, {t} keeper {k} saves it!",
    ),
    "wide": (
        "In {c}, {t} send it wide.", "In {c}, {t} miss, it's wide.", "In {c}, {t} put it wide.",
        "In {c}, {t} go wide.", "In {c}, {t} miss.",
    ),
    "foul": (
        "In {c}, {t} commit a foul.", "In {c}, {t} get a card.", "In {c}, {t} with a foul.",
        "In {c}, {t} give away a foul.",
    ),
    "corner": (
        "In {c}, {t} have a corner.", "In {c}, {t} win a corner. {s}.", "In {c}, {t} get the corner.",
        "In {c}, {t} take a corner. {s}.",
    ),
    "half-time": ("Half-time. {s}.",),
    "full-time": ("Full-time. {s}.",),
}  # fmt: skip
# a shot and its end in one round: {c} and {t} the shooting team, {o} the other, {k} the other's keeper
SHOT_AND = {
    "goal": ("In {c}, {t} shoot and score! {s}.", "In {c}, {t} shoot, and it's a goal! {s}."),
    "save": (
        "In {c}, {t} shoot, {o} keeper {k} saves!", "In {c}, {t} shoot, {o} keeper {k} makes the save!",
        "In {c}, {t} strike, {o} keeper {k} saves!",
    ),
    "wide": (
        "In {c}, {t} shoot wide.", "In {c}, {t} shoot, and it's wide.", "In {c}, {t} strike, it's wide.",
        "In {c}, {t} shoot and miss.",
    ),
}  # fmt: skip
KEYWORDS = {
    "kick-off": r"kick-?\s?offs?|kicks? off|under way",
    "shot": r"shots?|shoots?|strikes?",
    "goal": r"goals?|scores?|net",
    "save": r"saves?|saved",
    "wide": r"wide|off target|miss(?:es)?",
    "foul": r"fouls?|cards?",
    "corner": r"corners?",
    "half-time": r"half-?\s?time",
    "full-time": r"full-?\s?time",
}
KEYWORD = re.compile(rf"\b(?:{'|'.join(f'({words})' for words in KEYWORDS.values())})\b", re.I)


def line(events: Iterable[MatchEvent], fixture: Fixture, start_s: float, seed: int = 0) -> str:
    """What is said in the round [start_s, start_s + 1), "" for nothing. At most 14 words."""
    now = [event for event in events if in_round(event.time, start_s)]
    for shot, end in pairwise(now):
        if shot.kind == "shot" and end.kind in SHOT_AND:
            return _say(SHOT_AND[end.kind], fixture, shot.team, 1 - shot.team, end, seed)
    return " ".join(_say(PHRASES[event.kind], fixture, event.team, event.team, event, seed) for event in now)


def lines(events: Iterable[MatchEvent], fixture: Fixture, start_s: float, rounds: int, seed: int = 0) -> list[str]:
    """What is said in each of the `rounds` one-second rounds from start_s on."""
    events = [event for event in events if start_s - LATE_S < event.time <= start_s + rounds]
    return [line(events, fixture, start_s + number, seed) for number in range(rounds)]


def line_for_second(match: Match, fixture: Fixture, start_s: float) -> str:
    """What is said in the round [start_s, start_s + 1) of a match; simulates on when needed."""
    return line(match.events_between(start_s - LATE_S, start_s + EARLY_S), fixture, start_s, match.seed)


def _say(phrases: tuple[str, ...], fixture: Fixture, team: int, keeps: int, event: MatchEvent, seed: int) -> str:
    """One of the phrases, the same for the same match and moment."""
    key = f"{seed} {round(event.time * 1000)} {event.kind}".encode()
    pick = int.from_bytes(blake2b(key, digest_size=4).digest(), "big") % len(phrases)
    return phrases[pick].format(
        c=fixture.colours[team],
        t=fixture.names[team],
        o=fixture.names[1 - team],
        k=fixture.keepers[keeps],
        s=fixture.score_text(event.score),
    )


def mentions(text: str, fixture: Fixture) -> list[Mention]:
    """What a text says. A score belongs to the event that is named last, or stands for itself."""
    named = parse(text, fixture)
    score = parse_score(text, fixture)
    if score is None:
        return named
    last = named.pop() if named else Mention("")
    return [*named, replace(last, facts={"score": fixture.score_text(score)})]


def parse(text: str, fixture: Fixture) -> list[Mention]:
    """The events named in a text, in order, without repeats. A team or keeper named in the same
    clause tells the team; else a keyword belongs to the team named last."""
    named: list[Mention] = []
    last = ""
    for clause in re.split(r"[.,!?;:]|\band\b", _score_pattern(fixture).sub(" ", text)):
        last = _team_in(clause, fixture) or last
        for found in KEYWORD.finditer(clause):
            mention = Mention(list(KEYWORDS)[(found.lastindex or 0) - 1], last)
            if all(mention.kind != other.kind for other in named):
                named.append(mention)
    return named


def parse_score(text: str, fixture: Fixture) -> tuple[int, int] | None:
    """The last score in a text as goals of teams 0 and 1, None when there is none."""
    found = _score_pattern(fixture).findall(text)
    if not found:
        return None
    goals = {name.lower(): int(number) for name, number in (found[-1][:2], found[-1][2:])}
    if len(goals) != 2:
        return None
    return goals[fixture.names[0].lower()], goals[fixture.names[1].lower()]


def _score_pattern(fixture: Fixture) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in fixture.names)
    return re.compile(rf"\b({names}) (\d{{1,4}}),? ({names}) (\d{{1,4}})\b", re.I)


def _team_in(clause: str, fixture: Fixture) -> str:
    """Name of the team whose name, or else whose keeper's name, comes first in a clause; "" for none."""
    for names in (fixture.names, fixture.keepers):
        found = re.search(rf"\b(?:({re.escape(names[0])})|({re.escape(names[1])}))\b", clause, re.I)
        if found:
            return fixture.names[(found.lastindex or 0) - 1]
    return ""
