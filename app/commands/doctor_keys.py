"""What `courtside doctor` says of the keys that steer Courtside from within other programs."""

from __future__ import annotations

import importlib.util
import os
import sys

from app.capture.source_kind import Check
from app.remote.keys import chosen_keys
from app.settings_file import SettingsFile

INSTEAD = "let a shortcut of the desktop call courtside ctl pause, panic and so on"


def global_keys() -> list[Check]:
    """One line, and one for each combination in the settings that cannot be used."""
    settings, _ = SettingsFile().load()
    keys, wrong = chosen_keys(settings.keys)
    listed = ", ".join(f"{action} {combination}" for combination, action in keys.items())
    return [_how(listed), *(Check("Global keys", "limited", line, "change [keys] in settings.toml") for line in wrong)]


def _how(listed: str) -> Check:
    if sys.platform != "linux":
        return Check("Global keys", "limited", "only on X11", INSTEAD)
    if importlib.util.find_spec("Xlib") is None:
        return Check("Global keys", "missing", "no python-xlib", "pip install python-xlib")
    if os.environ.get("WAYLAND_DISPLAY"):
        return Check("Global keys", "limited", "Wayland gives keys to its own programs only", INSTEAD)
    if not os.environ.get("DISPLAY"):
        return Check("Global keys", "limited", "no display here", INSTEAD)
    return Check("Global keys", "ok", listed or "none chosen")
