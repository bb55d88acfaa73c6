"""The settings of a session without secrets: older sessions kept addresses as they were typed."""

from __future__ import annotations

from app.addresses import shown_address
from app.session.records import Record

NAMES = ("name", "source")


def without_secrets(settings: Record) -> Record:
    """A session's settings as they may be shown."""
    hidden = {name: shown_address(settings[name]) for name in NAMES if isinstance(settings.get(name), str)}
    return {**settings, **hidden}
