"""The settings of a session as another persona has them: what the earlier one brought goes, the viewer's own stays."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from app.personas.folders import find_persona
from core.config import QUERY
from core.errors import UsageError

OF_A_PERSONA = ("words_per_minute", "silence_threshold", "bad_words")
"""Settings that a persona brings."""


def spoken_by(name: str, own: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The flat settings `own` of a session with `asked` in their place and the persona `name`, "" for none.

    What an earlier persona added to the context can be told from the rest as long as its file is there, unchanged.
    Raises UsageError for a persona that there is not.
    """
    plain = _without_persona(own)
    given = {**plain, **asked}
    if not name:
        return {**given, "persona": ""}
    persona = find_persona(name)
    steer = persona.steer(given.get("context", ""), given.get("query", ""), bundled=not given.get("model"))
    limits = {setting: value for setting, value in persona.limits().items() if value not in (None, ())}
    return {**plain, **limits, **asked, "query": steer.query, "context": steer.context, "persona": persona.name}


def _without_persona(own: Mapping[str, Any]) -> dict[str, Any]:
    """Settings without those of the persona that they name."""
    plain = {setting: value for setting, value in own.items() if setting not in (*OF_A_PERSONA, "query", "context")}
    context = own.get("context", "")
    query = own.get("query", "")
    earlier = None
    with suppress(UsageError):  # its file has gone: its words cannot be told from the viewer's
        earlier = find_persona(own["persona"]) if own.get("persona") else None
    if earlier is not None:
        brought = set(earlier.context("").splitlines())
        context = "\n".join(line for line in context.splitlines() if line.strip() not in brought)
        query = "" if query == earlier.file.query else query
    return {**plain, "context": context, **({} if query in ("", QUERY) else {"query": query})}
