"""What `courtside doctor` says of the keys that steer Courtside from within other programs."""

from __future__ import annotations

import importlib.util
import os
import sys

from app.capture.source_kind import Check
from app.portal.connection import Portal
from app.portal.global_shortcuts import GLOBAL_SHORTCUTS
from app.portal.wayland import is_wayland
from app.remote.keys import chosen_keys
from app.settings_file import SettingsFile
from core.errors import PortalError

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
    if is_wayland():
        return _by_portal(listed)
    if importlib.util.find_spec("Xlib") is None:
        return Check("Global keys", "missing", "no python-xlib", "pip install python-xlib")
    if not os.environ.get("DISPLAY"):
        return Check("Global keys", "limited", "no display here", INSTEAD)
    return Check("Global keys", "ok", listed or "none chosen")


def _by_portal(listed: str) -> Check:
    try:
        portal = Portal()
    except PortalError as error:
        return Check("Global keys", "limited", error.message, INSTEAD)
    try:
        version = portal.property(GLOBAL_SHORTCUTS, "version")
    except PortalError:
        return Check("Global keys", "limited", "this desktop has no GlobalShortcuts portal", INSTEAD)
    finally:
        portal.close()
    return Check("Global keys", "ok", f"{listed or 'none chosen'}; by the desktop's portal (version {version})")
