"""The football commentator's phrases, and the words that may stand in them.

They have no end: the commentator puts the score and a full stop behind them. Of each kind and mood about a third say
"In orange, Harbour ...", a third "orange Harbour ...", and a third name the team by its colour alone. The colour comes
first: it is what the picture shows, and the name that goes with it stands in the context.

Slots: c, the acting team's colour; t, its name; k, its keeper; nth, its goals in this match as a word.
"""

from __future__ import annotations

from core.programmes.football.fixture import COLOURS, SURNAMES, TEAMS
from core.programmes.phrasebook import ORDINALS, Phrasebook

PHRASES = {
    "kick-off": (
        "In {c}, {t} kick off", "{C} {t} kick off", "Kick-off for {c}", "In {c}, {t} get us under way",
        "{C} {t} get us under way", "{C} kick off",
    ),
    "kick-off/restart": (
        "{C} kick off again", "In {c}, {t} restart", "{C} {t} kick off again", "A restart for {c}",
        "In {c}, {t} kick off again", "{C} {t} restart",
    ),
    "kick-off/second": (
        "The second half, {c} {t} kick off", "In {c}, {t} kick off the second half",
        "Second half, {c} kick off",
    ),
    "kick-off/next": (
        "A new match, {c} {t} kick off", "In {c}, {t} kick off a new match", "New match, {c} kick off",
    ),
    "shot": (
        "{C} shoot", "In {c}, {t} shoot", "{C} {t} strike", "{C} try a shot", "In {c}, {t} strike",
        "{C} {t} shoot", "{C} strike", "In {c}, {t} let fly", "{C} {t} let fly", "{C} let fly",
    ),
    "shot/again": (
        "{C} shoot again", "In {c}, {t} shoot again", "Another shot by {c}", "{C} {t} try again",
    ),
    "goal": (
        "In {c}, {t} score", "{C} {t} find the net", "A goal for {c}", "{C} {t} score", "In {c}, {t} find the net",
        "{C} score",
    ),
    "goal/first": (
        "{C} {t} score first", "In {c}, {t} have the first goal", "The first goal for {c}", "{C} score first",
    ),
    "goal/level": (
        "{C} {t} score, level again", "In {c}, {t} score and level", "{C} score, all level again",
        "A goal for {c}, level again",
    ),
    "goal/lead": (
        "{C} {t} score and lead", "In {c}, {t} score to lead", "{C} score and take the lead", "{C} {t} take the lead",
    ),
    "goal/closer": (
        "In {c}, {t} score, the lead is back to one", "{C} score, the lead is back to one", "{C} {t} score, one behind",
        "One back for {c}",
    ),
    "goal/row": (
        "Two in a row for {c} {t}", "In {c}, {t} score again", "Two in a row for {c}", "Another goal for {c} {t}",
        "{C} score again", "{C} {t} score again",
    ),
    "goal/nth": (
        "{C} {t} score their {nth}", "In {c}, {t} score their {nth}", "The {nth} goal for {c}",
    ),
    "save": (
        "In {c}, {t} keeper {k} saves", "Saved by {c}", "{C} {t} save", "The {c} keeper saves",
        "{C} {t} keeper {k} saves", "In {c}, {t} save", "Saved by {c} {t}", "{C} save",
    ),
    "save/again": (
        "Another save by {c}", "In {c}, {t} keeper {k} saves again", "{C} {t} save again", "Saved again by {c}",
    ),
    "wide": (
        "Wide by {c}", "In {c}, {t} miss", "{C} {t} send it wide", "{C} miss", "In {c}, {t} send it wide",
        "{C} {t} miss", "{C} go wide", "In {c}, {t} are off target", "{C} {t} go wide",
    ),
    "wide/again": (
        "{C} miss again", "In {c}, {t} miss again", "{C} {t} go wide again", "Wide again by {c}",
    ),
    "foul": (
        "A foul by {c}", "In {c}, {t} commit a foul", "{C} {t} foul", "{C} commit a foul",
        "In {c}, {t} foul", "{C} {t} commit a foul", "{C} foul",
    ),
    "foul/again": (
        "Another foul by {c}", "In {c}, {t} foul again", "{C} {t} foul again", "{C} foul again",
    ),
    "corner": (
        "A corner for {c}", "In {c}, {t} win a corner", "{C} {t} have a corner", "{C} win a corner",
        "In {c}, {t} have a corner", "{C} {t} win a corner", "Corner for the side in {c}",
    ),
    "corner/again": (
        "Another corner for {c}", "In {c}, {t} win another corner", "Another corner for {c} {t}",
        "{C} {t} have another corner",
    ),
    "half-time": ("Half time", "It is half time", "The first half is over"),
    "half-time/level": ("Half time, all level", "All level at half time"),
    "half-time/goalless": ("Half time, still no goals", "No goals at half time"),
    "full-time": ("Full time", "It is all over"),
    "full-time/won": ("Full time, {c} {t} win it", "{C} win it at full time", "In {c}, {t} win it"),
    "full-time/level": ("Full time, all level", "All level at full time"),
}  # fmt: skip
ENDS = {"shot": "!", "goal": "!", "save": "!"}
"""What ends a sentence of a kind; "." those of the others."""

NEXT = "Next: {a} and {b} again."
"""Behind full time: the next match, its teams in the order of the score."""

STILL = "still"
STILL_NO_GOALS = "still no goals,"
"""In front of a score that has been told before."""

BOOK = Phrasebook(
    PHRASES,
    {
        "c": "|".join(COLOURS), "t": "|".join(TEAMS), "k": "|".join(SURNAMES), "nth": "|".join(ORDINALS),
    },
    {},
    "t",
)  # fmt: skip
KEYWORDS = {
    "kick-off": r"kick-?\s?offs?|kicks? off|under way|restarts?",
    "shot": r"shots?|shoots?|strikes?|lets? fly",
    "goal": r"(?<!no )goals?|scores?|net|in a row|take the lead|one back",
    "save": r"saves?|saved",
    "wide": r"wide|off target|miss(?:es)?",
    "foul": r"fouls?|cards?",
    "corner": r"corners?",
    "half-time": r"half[- ]time|first half is over",
    "full-time": r"full[- ]time|all over|win it",
}
"""What tells a kind in a sentence that is none of the phrases: a model may mix its words."""
