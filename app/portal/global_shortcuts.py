"""Keys that a Wayland desktop holds for us, through the GlobalShortcuts portal; it asks and may choose others."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable, Mapping

from app.portal.connection import Portal, new_token
from app.remote.actions import ACTIONS
from app.remote.keys import KEYSYM_NAMES, Combination
from core.errors import PortalError

GLOBAL_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
MODIFIERS = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Super": "LOGO"}
"""As the freedesktop specification of shortcuts writes them."""


class GlobalShortcuts:
    """A session that holds them, in a thread of its owner; `stop` comes from any other."""

    def __init__(self) -> None:
        self._waker, self._woken = socket.socketpair()

    def hold(
        self, keys: Mapping[Combination, str], held: Callable[[list[str]], None], pressed: Callable[[str], None]
    ) -> None:
        """Until `stop`. Raises PortalError where the desktop has no such portal, PortalRefused where somebody says no.

        Args:
            held: told once what is held: of each action how the desktop describes its keys.
            pressed: told the action of each press.
        """
        portal = Portal()
        try:
            portal.property(GLOBAL_SHORTCUTS, "version")
            token = {"session_handle_token": ("s", new_token())}
            begun = portal.request(GLOBAL_SHORTCUTS, "CreateSession", "a{sv}", (), token, self._goes_on)
            session = begun["session_handle"]
            body = (session, [_shortcut(combination, action) for combination, action in keys.items()], "")
            bound = portal.request(GLOBAL_SHORTCUTS, "BindShortcuts", "oa(sa{sv})sa{sv}", body, {}, self._goes_on)
            held([_described(action, dict(told)) for action, told in bound.get("shortcuts", [])])
            self._listen(portal, session, set(keys.values()), pressed)
        finally:
            portal.close()

    def stop(self) -> None:
        """Ends `hold` soon."""
        self._waker.send(b".")

    def close(self) -> None:
        """After `hold` has ended."""
        self._waker.close()
        self._woken.close()

    def _goes_on(self) -> bool:
        return not _readable(self._woken)

    def _listen(self, portal: Portal, session: str, actions: set[str], pressed: Callable[[str], None]) -> None:
        """Costs nothing while no key is pressed. Raises PortalError when the portal or the session ends."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(portal.fileno(), selectors.EVENT_READ)
            waiting.register(self._woken, selectors.EVENT_READ)
            while self._goes_on():
                while (signal := portal.next_signal()) is not None:
                    if signal.path == session and signal.member == "Closed":
                        raise PortalError("No global keys", "the desktop has taken them back")
                    if signal.member == "Activated" and signal.body[0] == session and signal.body[1] in actions:
                        pressed(signal.body[1])
                waiting.select()


def trigger(combination: Combination) -> str:
    """CTRL+ALT+p and the like, with xkbcommon's names of keys."""
    held = [MODIFIERS[name] for name in ("Ctrl", "Alt", "Shift", "Super") if name in combination.modifiers]
    key = KEYSYM_NAMES.get(combination.key, combination.key)
    return "+".join([*held, key.lower() if len(key) == 1 else key])


def _shortcut(combination: Combination, action: str) -> tuple[str, dict[str, tuple[str, str]]]:
    name, _, text = action.partition(" ")
    purpose = f"{ACTIONS[name].purpose}: {text}" if text else ACTIONS[name].purpose
    return action, {"description": ("s", f"Courtside: {purpose}"), "preferred_trigger": ("s", trigger(combination))}


def _described(action: str, told: Mapping[str, tuple[str, str]]) -> str:
    described = told.get("trigger_description", ("s", ""))[1]
    return f"{action} {described}".strip()


def _readable(end: socket.socket) -> bool:
    with selectors.DefaultSelector() as looking:
        looking.register(end, selectors.EVENT_READ)
        return bool(looking.select(0))
