"""The commentator's phrases for a desktop session.

Slots: who, a program, a job, what is copied, or a side of the limit; me, the user; n, a count as digits; nth, as a
word.
"""

from __future__ import annotations

from core.programmes.desktop.act import COPIES, JOBS, PROGRAMS, SIDES
from core.programmes.desktop.theme import USERS
from core.programmes.phrasebook import ORDINALS, Phrasebook

PHRASES = {
    "open": (
        "{Me} opens the {who}.", "The {who} opens.", "A {who} window appears.", "Here comes the {who}.",
        "{Me} starts the {who}.", "Up pops the {who}.", "The {who} comes up, {n} windows.",
        "{Who} open, {n} windows now.",
    ),
    "open/back": (
        "The {who} is back.", "{Me} reopens the {who}.", "The {who} again.", "Back comes the {who}.",
    ),
    "close": (
        "{Me} closes the {who}.", "The {who} closes.", "Gone is the {who}.", "The {who} window goes away.",
        "{Me} is done with the {who}.", "{Who} closed, {n} windows left.", "No more {who}.", "The {who} shuts.",
    ),
    "close/last": (
        "The {who} closes, only one window left.", "{Who} closed, a single window stays.",
    ),
    "start": (
        "{Me} starts the {who}.", "The {who} is running.", "A new {who} begins.", "{Who} under way.",
        "Off goes the {who}.", "The terminal starts the {who}.", "{Who} launched.", "{Me} kicks off the {who}.",
    ),
    "start/again": (
        "Another {who} starts.", "{Me} tries the {who} again.", "The {who} runs once more.",
    ),
    "passed": (
        "The {who} passes.", "{Who} passed, all green.", "Green: the {who} is through.", "The {who} succeeds.",
        "{Who} done without a fault.", "The {who} goes through.", "That {who} worked.", "Success for the {who}.",
    ),
    "passed/at-last": (
        "The {who} passes at last.", "This time the {who} passes.", "Fixed, the {who} is green.",
        "The {who} works now, it failed before.",
    ),
    "passed/again": (
        "The {who} passes again.", "Green once more, the {who}.", "Another {who} without a fault.",
    ),
    "failed": (
        "The {who} fails.", "{Who} failed.", "Red: the {who} breaks.", "The {who} does not make it.",
        "Failure in the {who}.", "That {who} broke.", "The {who} stops with a failure.",
        "{Who} failed, failure {n}.",
    ),
    "failed/again": (
        "The {who} fails again.", "That {who} failed before, too.", "{Who} still failing.",
        "Once more the {who} fails.",
    ),
    "failed/now": (
        "The {who} fails this time.", "Now the {who} breaks, it passed before.",
    ),
    "failed/nth": (
        "{Nth} failure, the {who}.", "The {who} makes it the {nth} failure.",
    ),
    "crossing": (
        "The curve goes {who} the limit.", "The plot is now {who} its line.", "{Who} the limit now.",
        "The curve crosses, it is {who}.", "The plot moves {who} the red line.", "It crosses to {who} the limit.",
    ),
    "crossing/back": (
        "Back {who} the limit.", "The curve returns {who} its line.", "{Who} the limit again.",
        "The plot is {who} again.",
    ),
    "error": (
        "An error in the {who}.", "The {who} shows an error.", "The {who} stopped, says a dialog.",
        "Error message from the {who}.", "The {who} has a problem.", "A dialog: the {who} stopped.",
        "Trouble with the {who}.",
    ),
    "error/again": (
        "Another error in the {who}.", "The {who} errs again.", "Once more an error from the {who}.",
    ),
    "copied": (
        "The {who} are copied.", "Copy done: {who}.", "Copying the {who} is finished.",
        "The copy of the {who} ends.", "All {who} copied.", "{Who} copied.", "The {who} copy is complete.",
    ),
    "copied/again": (
        "Another copy of the {who} ends.", "The {who} are copied once more.",
    ),
}  # fmt: skip

KEYWORDS = {
    "error": r"errors?|problem|trouble|stopped|errs",
    "copied": r"copied|copy|copying",
    "failed": r"fail(?:s|ed|ing|ure)?|breaks?|broke|red",
    "passed": r"pass(?:es|ed)?|green|succeeds|success|works|worked",
    "crossing": r"limit|curve|line|crosses",
    "close": r"clos(?:es|ed)|gone|shuts|goes away|done",
    "start": r"running|begins|under way|launched|kicks off|runs",
    "open": r"opens?|appears|reopens|starts|comes up|back",
}
NAMES = "|".join(sorted((*PROGRAMS, *JOBS, *COPIES, *SIDES), key=len, reverse=True))
BOOK = Phrasebook(
    PHRASES, {"who": NAMES, "me": "|".join(USERS), "n": r"\d+", "nth": "|".join(ORDINALS)}, KEYWORDS, "who"
)
