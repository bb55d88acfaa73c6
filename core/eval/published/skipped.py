"""What of a benchmark could not be used: named, counted, and never in the way of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import SourceError

KINDS = {
    "bad_line": "a line that is not what the layout says",
    "missing_video": "a video that is not there",
    "too_short": "a video that ends before the time asked for",
    "undecodable": "a video that cannot be decoded",
    "no_answer": "no answer, or one that does not cover the segment",
    "unjudged": "the judge's answers made no sense",
}
OF_TITLES = {"No such video": "missing_video", "Video too short": "too_short"}


@dataclass(frozen=True, slots=True)
class Skipped:
    """One thing that was left out.

    Attributes:
        kind: a key of KINDS. where: file and line, video, or segment. why: in one sentence.
    """

    kind: str
    where: str
    why: str


class SkippedItems:
    """All that was left out of a run; each thing is told once.

    Attributes:
        items: in the order in which they were met.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        """tell: gets one line for each."""
        self.items: list[Skipped] = []
        self._tell = tell

    def add(self, kind: str, where: str, why: str) -> None:
        """Leave something out."""
        skipped = Skipped(kind, where, " ".join(why.split()))
        if skipped not in self.items:
            self.items.append(skipped)
            self._tell(f"left out ({kind}): {where}: {skipped.why}")

    def add_video(self, where: str, error: SourceError) -> None:
        """Leave out what needs a video that cannot be read so far."""
        self.add(OF_TITLES.get(error.title, "undecodable"), where, error.message)

    def extend(self, records: Iterable[dict[str, Any]]) -> None:
        """What another process of the run left out and told already."""
        found = [Skipped(**record) for record in records]
        self.items += [skipped for skipped in found if skipped not in self.items]

    def records(self) -> list[dict[str, Any]]:
        """As JSON."""
        return [asdict(skipped) for skipped in self.items]

    def counts(self) -> dict[str, int]:
        """How many of each kind; all kinds, for a table."""
        found = Counter(skipped.kind for skipped in self.items)
        return {kind: found[kind] for kind in KINDS}
