"""A screen or a window that a person shares through the ScreenCast portal; its pictures come over PipeWire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.portal.connection import SESSION, Options, Portal, new_token
from core.errors import PortalError

SCREEN_CAST = "org.freedesktop.portal.ScreenCast"
Kind = Literal["screen", "window"]
TYPES: dict[Kind, int] = {"screen": 1, "window": 2}
HIDDEN_CURSOR = 1
UNTIL_REVOKED = 2
"""persist_mode: the permission outlives this session."""
REMEMBERS = 4
"""The interface's version from which on it knows restore tokens."""


@dataclass(frozen=True, slots=True)
class SharedPicture:
    """What is shared.

    Attributes:
        node: the PipeWire node of the pictures.
        position, size: of a screen in the desktop's coordinates; None where the portal does not tell.
        token: restores this choice once, next time, without a dialog; "" where that cannot be.
    """

    node: int
    position: tuple[int, int] | None
    size: tuple[int, int] | None
    token: str


class ScreenCast:
    """One session with the portal; belongs to one thread."""

    def __init__(self) -> None:
        """Raises PortalError."""
        self._portal = Portal()
        self._session = ""

    def share(self, kind: Kind, token: str, goes_on: Callable[[], bool]) -> SharedPicture:
        """Have a person choose what is shared, or what they chose before.

        Args:
            token: of the last time, "" to be asked.
            goes_on: asked all the while; false gives it up.

        Raises PortalRefused when nothing is chosen, PortalError.
        """
        portal = self._portal
        version: int = portal.property(SCREEN_CAST, "version")
        if not may_share(portal.property(SCREEN_CAST, "AvailableSourceTypes"), kind):
            raise PortalError(f"No {kind} can be shared", "this desktop's portal offers none")
        begun = portal.request(
            SCREEN_CAST, "CreateSession", "a{sv}", (), {"session_handle_token": ("s", new_token())}, goes_on
        )
        self._session = begun["session_handle"]
        wanted: Options = {"types": ("u", TYPES[kind]), "multiple": ("b", False)}
        wanted["cursor_mode"] = ("u", HIDDEN_CURSOR)
        if version >= REMEMBERS:
            wanted["persist_mode"] = ("u", UNTIL_REVOKED)
        if version >= REMEMBERS and token:
            wanted["restore_token"] = ("s", token)
        portal.request(SCREEN_CAST, "SelectSources", "oa{sv}", (self._session,), wanted, goes_on)
        started = portal.request(SCREEN_CAST, "Start", "osa{sv}", (self._session, ""), {}, goes_on)
        return self._shared(started)

    def connect(self) -> int:
        """A new connection to PipeWire that may see what is shared; whoever gets it closes it. Raises PortalError."""
        remote = self._portal.call(SCREEN_CAST, "OpenPipeWireRemote", "oa{sv}", (self._session, {}))[0]
        number: int = remote.to_raw_fd()
        return number

    def ended(self, wait_s: float = 0.0) -> bool:
        """Whether the desktop has ended it, looking for so long. Raises PortalError when the bus has gone."""
        while (signal := self._portal.next_signal(wait_s)) is not None:
            if signal.path == self._session and signal.interface == SESSION and signal.member == "Closed":
                return True
        return False

    def close(self) -> None:
        """The session ends with its connection."""
        self._portal.close()

    def _shared(self, started: dict[str, Any]) -> SharedPicture:
        streams = started.get("streams", [])
        if not streams:
            raise PortalError("Nothing is shared", "the desktop's portal gave no picture")
        node, told = streams[0]
        values = {name: value for name, (_, value) in told.items()}
        token = started.get("restore_token", "")
        return SharedPicture(node, values.get("position"), values.get("size"), token)


def may_share(types: int, kind: Kind) -> bool:
    """Whether a portal that tells of these source types may share such a thing: one that has just started says 0."""
    return not types or bool(types & TYPES[kind])
