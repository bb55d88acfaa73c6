"""The truth in words. The commentator knows the events; a model has to learn them from the picture."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from random import Random

from core.programmes.football.event import MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.football.phrases import BOOK, ENDS, NEXT, STILL, STILL_NO_GOALS
from core.programmes.football.simulator import Match
from core.programmes.phrasebook import Teller, ordinal
from core.programmes.programme import in_round

LONGEST_LINE = 24
"""Tokens that a line may have: a round has MAX_NEW_TOKENS of the bundled model, its end included."""

WITH_SCORE = frozenset(("goal", "kick-off", "half-time", "full-time"))
NEVER_WITH_SCORE = frozenset(("shot",))
"""A shot's end follows within a second."""

SCORE_EVERY_S = 60.0
CORNER_SCORE_S = 50.0
"""A score that has not been told for so long comes with the next event, or corner: the text window forgets it."""

TOGETHER_S = 1.0
"""Events so close may be told in one round, and share its tokens."""

AGAIN_S = {"shot": 40.0, "save": 60.0, "wide": 60.0, "foul": 60.0, "corner": 90.0}
"""Until so long after, the same of the same team is told as another one."""

AFTER = {"goal": "restart", "half-time": "second", "full-time": "next"}
"""What a kick-off is, by the event before it."""

KEEP_S = 120.0
STEP_S = 30.0
PIECE = re.compile(r"[^\W\d]+|\d|'s|[^\w\s]|(?<=\s)(?=\d)")


@dataclass(frozen=True, slots=True)
class Told:
    """An event and what is said of it."""

    event: MatchEvent
    text: str


class Commentator:
    """Follows a match, or what is shown of it, event by event. The same seed and events give the same words.

    Phrases come in turn, not at random: which is next follows from those that were said before.

    Attributes:
        scored: the last goal of the match that is on, None when there was none.
        score: goals of teams 0 and 1 by now.
    """

    def __init__(self, fixture: Fixture, seed: int) -> None:
        self.scored: MatchEvent | None = None
        self.score = (0, 0)
        self._fixture = fixture
        self._teller = Teller(BOOK, Random(f"football {seed}"), in_turn=True)
        self._before = ""
        self._last: dict[str, MatchEvent] = {}
        self._told: Told | None = None
        self._score_s = -SCORE_EVERY_S
        self._score_told: tuple[int, int] | None = None

    def tell(self, event: MatchEvent) -> str:
        """What is said of an event; they are asked for in their order."""
        moods = [f"{event.kind}/{mood}" for mood in self._moods(event)]
        score = self._score_of(event)
        end = ENDS.get(event.kind, ".")
        behind = f"{end} {score}." if event.kind == "goal" else f": {score}." if score else end
        room = self._room(event) - token_count(behind)
        slots = self._slots(event)
        said = self._teller.say([*moods, event.kind], slots, event.time, longest=room, length=token_count)
        said = said or min(BOOK.filled(event.kind, slots), key=token_count)
        text = said + behind + self._next(event)
        self._remember(event, text)
        return text

    def _room(self, event: MatchEvent) -> int:
        """Tokens of the round that are left."""
        if self._told is None or event.time - self._told.event.time > TOGETHER_S:
            return LONGEST_LINE
        return LONGEST_LINE - token_count(self._told.text)

    def _score_of(self, event: MatchEvent) -> str:
        """The score where it is to be told, with what goes in front of it; "" else."""
        every_s = CORNER_SCORE_S if event.kind == "corner" else SCORE_EVERY_S
        due = event.time - self._score_s >= every_s
        if event.kind not in WITH_SCORE and (not due or event.kind in NEVER_WITH_SCORE):
            return ""
        text = self._fixture.score_text(event.score)
        if event.kind not in WITH_SCORE and event.score == self._score_told:
            goalless = event.kind == "corner" and not any(event.score)
            text = f"{STILL_NO_GOALS if goalless else STILL} {text}"
        self._score_told = event.score
        self._score_s = event.time
        return text

    def _slots(self, event: MatchEvent) -> dict[str, str]:
        team = event.team
        if event.kind == "full-time":
            team = int(event.score[1] > event.score[0])
        fixture = self._fixture
        slots = {"c": fixture.colours[team], "t": fixture.names[team], "k": fixture.keepers[team]}
        nth = ordinal(event.score[team])
        return {**slots, "nth": nth} if nth else slots

    def _next(self, event: MatchEvent) -> str:
        if event.kind != "full-time":
            return ""
        first = self._fixture.first
        return f" {NEXT.format(a=self._fixture.names[first], b=self._fixture.names[1 - first])}"

    def _remember(self, event: MatchEvent, text: str) -> None:
        self._told = Told(event, text)
        self.score = event.score
        self._before = event.kind
        self._last[event.kind] = event
        if event.kind == "goal":
            self.scored = event
        if event.kind == "full-time":
            self.scored = None

    def _moods(self, event: MatchEvent) -> list[str]:
        """The moods that fit, the most fitting first."""
        a, b = event.score
        if event.kind == "kick-off":
            return [AFTER[self._before]] if self._before in AFTER else []
        if event.kind == "goal":
            return self._moods_of_goal(event)
        if event.kind == "half-time":
            return ["goalless"] if not a + b else ["level"] if a == b else []
        if event.kind == "full-time":
            return ["level"] if a == b else ["won"]
        last = self._last.get(event.kind)
        again = last and last.team == event.team and event.time - last.time < AGAIN_S[event.kind]
        return ["again"] if again else []

    def _moods_of_goal(self, event: MatchEvent) -> list[str]:
        own = event.score[event.team]
        others = event.score[1 - event.team]
        fitting = {
            "first": own + others == 1,
            "level": own == others,
            "lead": own == others + 1,
            "closer": own == others - 1,
            "row": self.scored is not None and self.scored.team == event.team,
            "nth": own > 1,
        }
        return [mood for mood, fits in fitting.items() if fits]


class LiveCommentary:
    """What is said of a match as it goes on; of the last two minutes.

    Attributes:
        told: events and what is said of each, the oldest first.
    """

    def __init__(self, match: Match, fixture: Fixture) -> None:
        self.told: deque[Told] = deque()
        self.commentator = Commentator(fixture, match.seed)
        self._match = match
        self._reached_s = -1.0

    def reach(self, time_s: float) -> None:
        """Follow the match up to a time, simulating on when needed; in steps, since a match forgets."""
        while self._reached_s < time_s:
            step_s = min(self._reached_s + STEP_S, time_s)
            for event in self._match.events_between(self._reached_s, step_s):
                self.told.append(Told(event, self.commentator.tell(event)))
            self._reached_s = step_s
        while self.told and self.told[0].event.time < time_s - KEEP_S:
            self.told.popleft()

    def line(self, start_s: float) -> str:
        """What is said in the round [start_s, start_s + 1), "" for silence."""
        return " ".join(told.text for told in self.told if in_round(told.event.time, start_s))


def token_count(text: str) -> int:
    """Tokens of a text to a tokenizer that knows all its words."""
    return len(PIECE.findall(text))
