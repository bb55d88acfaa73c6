"""Tells the acts of a session, with what it remembers."""

from __future__ import annotations

from random import Random

from core.programmes.desktop.act import KINDS, Act
from core.programmes.desktop.phrases import BOOK
from core.programmes.phrasebook import Teller, ordinal
from core.programmes.programme import Event


class Commentator:
    """Follows one session from its beginning.

    Attributes:
        windows: programs whose windows are open. failures: jobs that failed so far.
        outcomes: of each job, how it ended the last time.
    """

    def __init__(self, seed: int, user: str) -> None:
        self.windows: set[str] = set()
        self.failures = 0
        self.outcomes: dict[str, str] = {}
        self._user = user
        self._teller = Teller(BOOK, Random(f"commentator {seed}"))
        self._seen: set[tuple[str, str]] = set()

    def facts(self) -> dict[str, str]:
        """What holds now."""
        return {"windows": str(len(self.windows)), "failures": str(self.failures)}

    def tell(self, act: Act) -> tuple[Event, str] | None:
        """The event of an act and the sentence for it; None for one that is not told."""
        self._follow(act)
        if act.initial or act.verb not in KINDS:
            return None
        moods = [f"{act.verb}/{mood}" for mood in self._moods(act)]
        self._remember(act)
        slots = {"me": self._user, "who": act.who, "n": str(len(self.windows))}
        if act.verb == "failed":
            slots["n"] = str(self.failures)
            nth = ordinal(self.failures)
            if nth:
                slots["nth"] = nth
        sentence = self._teller.say([*moods, act.verb], slots, act.time)
        return (Event(act.time, act.verb, act.who, self.facts()), sentence) if sentence else None

    def _follow(self, act: Act) -> None:
        if act.verb == "open":
            self.windows.add(act.who)
        elif act.verb == "close":
            self.windows.discard(act.who)
        elif act.verb == "failed":
            self.failures += 1

    def _remember(self, act: Act) -> None:
        self._seen.add((act.verb, act.who))
        if act.verb in ("passed", "failed"):
            self.outcomes[act.who] = act.verb

    def _moods(self, act: Act) -> list[str]:
        """The moods that fit, those that need memory first."""
        again = (act.verb, act.who) in self._seen
        if act.verb == "open":
            return ["back"] if ("close", act.who) in self._seen else []
        if act.verb == "close":
            return ["last"] if len(self.windows) == 1 else []
        if act.verb == "failed":
            before = {"failed": "again", "passed": "now"}.get(self.outcomes.get(act.who, ""), "nth")
            return [before] if self.failures % 4 else ["nth", before]
        if act.verb == "passed":
            before = {"failed": "at-last", "passed": "again"}.get(self.outcomes.get(act.who, ""), "")
            return [before] if before else []
        if act.verb == "crossing":
            return ["back"] if again else []
        return ["again"] if again else []
