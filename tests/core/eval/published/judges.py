"""Rule-based judges behind a real HTTP server: near the reference, one-sided, and out of their minds."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_INF = re.compile(r"Reference transcript:\n(.*)\n\nCandidate A:\n(.*)\n\nCandidate B:\n(.*)\n", re.DOTALL)
_LIVE = re.compile(
    r"--- Commentary A ---\n(.*)\n--- end ---\n\n--- Commentary B ---\n(.*)\n--- end ---\n\n"
    r"--- Human commentary ---\n(.*)\n--- end ---",
    re.DOTALL,
)


def texts(user: str) -> tuple[str, str, str]:
    """(reference, A, B) of a question."""
    if found := _INF.search(user):
        return found[1], found[2], found[3]
    found = _LIVE.search(user)
    assert found, user
    return found[3], found[1], found[2]


def nearer(system: str, user: str) -> str:
    """Prefers the text that is nearer to the reference; at equal distance, A."""
    reference, a, b = texts(user)
    likeness = [SequenceMatcher(None, reference, text, autojunk=False).ratio() for text in (a, b)]
    side = "A" if likeness[0] >= likeness[1] else "B"
    return f"Commentary {side} is better aligned with the human commentary" if "Human commentary" in user else side


def always_a(system: str, user: str) -> str:
    """Sees nothing but the position."""
    return "A"


def nonsense(system: str, user: str) -> str:
    """Decides nothing."""
    return "Both commentaries, A and B, have their merits."
