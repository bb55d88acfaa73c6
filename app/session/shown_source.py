"""A SOURCE without what opens it for others: older sessions kept addresses as they were typed."""

from __future__ import annotations

import re

from app.session.records import Record

ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*://)(.*)", re.IGNORECASE | re.DOTALL)
HIDDEN = "…"
NAMES = ("name", "source")


def shown_source(spec: str) -> str:
    """The address without user, password and query. A password may hold any character: all before the last @ goes."""
    match = ADDRESS.fullmatch(spec)
    if match is None:
        return spec
    scheme, rest = match.groups()
    login, at, place = rest.rpartition("@")
    place, mark, _ = place.partition("?")
    return f"{scheme}{HIDDEN + at if login else ''}{place}{mark + HIDDEN if mark else ''}"


def without_secrets(settings: Record) -> Record:
    """A session's settings as they may be shown."""
    hidden = {name: shown_source(settings[name]) for name in NAMES if isinstance(settings.get(name), str)}
    return {**settings, **hidden}
