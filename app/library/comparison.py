"""All that a comparison shows of two sessions of the same footage: both on one time line, line by line, in figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.library.compare import Pair, pairs
from app.library.figures import figures, in_words
from app.library.session_view import SessionView, view_of
from app.session.events import Session, read_session
from app.session.plain_text import clean

DIFFERENCE = "difference"
SHOWN_CURVE = "time per chunk"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sessions, as they were when they were read.

    Attributes:
        names: what tells them apart. views: for a time line each, of one span; where they differ is a dot on both.
        pairs: what both said, by source second. figures: name and value of each, "-" where one has none.
    """

    names: tuple[str, str]
    views: tuple[SessionView, SessionView]
    pairs: list[Pair]
    figures: list[tuple[str, str, str]]

    @property
    def same(self) -> int:
        return sum(pair.same for pair in self.pairs)


def comparison(first: Path, second: Path) -> Comparison:
    """Reads both. Raises SessionError for a folder that is no session."""
    sessions = (read_session(first), read_session(second))
    found = pairs(*sessions)
    views = (view_of(sessions[0]), view_of(sessions[1]))
    span = (min(view.span[0] for view in views), max(view.span[1] for view in views))
    left = _on_one_line(views[0], span, found)
    right = _on_one_line(views[1], span, found)
    return Comparison((_name(sessions[0]), _name(sessions[1])), (left, right), found, _figures(*sessions))


def _on_one_line(view: SessionView, span: tuple[float, float], found: list[Pair]) -> SessionView:
    """The view with the span of both, the differences as dots, and one curve."""
    differences = [(view.clocks.video(pair.start), DIFFERENCE) for pair in found if not pair.same]
    curves = [curve for curve in view.curves if curve[0].startswith(SHOWN_CURVE)]
    return replace(view, span=span, dots=differences, curves=curves)


def _name(session: Session) -> str:
    """What tells one session from another of the same footage."""
    settings = session.settings
    cache = settings.get("cache")
    sampling = settings.get("sampling")
    mode = cache.get("mode") if isinstance(cache, dict) else None
    seed = sampling.get("seed") if isinstance(sampling, dict) else None
    told = [session.title, settings.get("model") or "bundled", settings.get("persona"), mode]
    parts = [clean(part) for part in (*told, f"seed {seed}" if seed else None) if isinstance(part, str) and part]
    return "  ·  ".join([parts[0], *(part for part in parts[1:] if part not in parts[0])])


def _figures(first: Session, second: Session) -> list[tuple[str, str, str]]:
    told = (dict(in_words(figures(first))), dict(in_words(figures(second))))
    names = dict.fromkeys([*told[0], *told[1]])
    return [(name, told[0].get(name, "-"), told[1].get(name, "-")) for name in names]
