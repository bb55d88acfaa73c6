"""A conversation with the desktop's portal (xdg-desktop-portal) on the session bus: Linux, and Wayland above all."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors import PortalError, PortalRefused

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
REQUEST = "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"
ANSWER_S = 30.0
"""How long a call may take: the first starts the portal. What people are asked is answered later, by a signal."""
LOOKS_EVERY_S = 0.1
BUS = "org.freedesktop.DBus"
RULES = (
    f"type='signal',sender='{NAME}'",
    f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{NAME}'",
)
Options = dict[str, tuple[str, Any]]
"""D-Bus's a{sv}: of each value the signature, and the value."""


@dataclass(frozen=True, slots=True)
class PortalSignal:
    """What the portal tells unasked."""

    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


class Portal:
    """One connection; belongs to one thread."""

    def __init__(self) -> None:
        """Raises PortalError where there is no session bus."""
        from jeepney import AuthenticationError
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import open_dbus_connection

        self._signals: deque[PortalSignal] = deque()
        try:
            self._bus = open_dbus_connection(enable_fds=True)
            for rule in RULES:
                self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER_S)
        except (KeyError, OSError, RuntimeError, AuthenticationError) as error:
            why = "DBUS_SESSION_BUS_ADDRESS is not set" if isinstance(error, KeyError) else str(error)
            raise PortalError("No desktop portal", f"the session bus cannot be reached: {why}") from error

    def fileno(self) -> int:
        """Readable when the portal has said something."""
        number: int = self._bus.sock.fileno()
        return number

    def close(self) -> None:
        """Ends every session begun on it, too."""
        self._bus.close()

    def call(self, interface: str, member: str, signature: str, body: tuple[Any, ...], path: str = PATH) -> Any:
        """The body of the answer. Raises PortalError."""
        from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call

        message = new_method_call(DBusAddress(path, NAME, interface), member, signature, body)
        number = next(self._bus.outgoing_serial)
        try:
            self._bus.send(message, number)
            while (answer := self._bus.receive(timeout=ANSWER_S)).header.fields.get(
                HeaderFields.reply_serial
            ) != number:
                self._keep(answer)
        except TimeoutError as error:
            raise PortalError("The desktop portal does not answer", f"nothing within {ANSWER_S:.0f} s") from error
        except (OSError, RuntimeError) as error:
            raise PortalError("The desktop portal does not answer", f"{interface}.{member}: {error}") from error
        if answer.header.message_type is MessageType.error:
            raise PortalError("The desktop portal refuses", f"{interface}.{member}: {_reason(answer)}")
        return answer.body

    def property(self, interface: str, name: str) -> Any:
        """Raises PortalError where the portal has no such interface or property."""
        return self.call("org.freedesktop.DBus.Properties", "Get", "ss", (interface, name))[0][1]

    def begin(self, interface: str, member: str, signature: str, body: tuple[Any, ...], options: Options) -> str:
        """Ask for what takes time, maybe a person's. Returns the request, whose response comes as a signal.

        body: without the options, which stand last in every such call and at the end of `signature`.
        """
        handle = {"handle_token": ("s", new_token())}
        return str(self.call(interface, member, signature, (*body, options | handle))[0])

    def request(
        self,
        interface: str,
        member: str,
        signature: str,
        body: tuple[Any, ...],
        options: Options,
        goes_on: Callable[[], bool],
    ) -> dict[str, Any]:
        """`begin`, and wait for what comes of it, for as long as `goes_on`.

        Raises PortalRefused where a person or the desktop says no, or it does not go on; PortalError.
        """
        wanted = self.begin(interface, member, signature, body, options)
        while goes_on():
            signal = self.next_signal(LOOKS_EVERY_S)
            if signal is not None and signal.path == wanted and signal.member == "Response":
                return results(signal)
        raise PortalRefused("Not shared", "it was given up")

    def next_signal(self, timeout_s: float = 0.0) -> PortalSignal | None:
        """The next one, waiting for it for so long. Raises PortalError when the portal or the bus has gone."""
        if not self._signals:
            try:
                self._keep(self._bus.receive(timeout=timeout_s))
            except TimeoutError:
                return None
            except OSError as error:
                raise PortalError("The desktop portal has gone", str(error)) from error
        if not self._signals:
            return None
        signal = self._signals.popleft()
        if signal.member == "NameOwnerChanged" and signal.body[1]:  # it had an owner: every session has ended
            raise PortalError("The desktop portal has gone", "it has ended")
        return signal

    def _keep(self, message: Any) -> None:
        from jeepney import HeaderFields, MessageType

        if message.header.message_type is MessageType.signal:
            fields = message.header.fields
            path, interface, member = (
                fields[name] for name in (HeaderFields.path, HeaderFields.interface, HeaderFields.member)
            )
            self._signals.append(PortalSignal(path, interface, member, message.body))


def results(response: PortalSignal) -> dict[str, Any]:
    """What a Response signal holds, without signatures. Raises PortalRefused."""
    code, values = response.body
    if code:
        why = "nothing was chosen in the desktop's dialog" if code == 1 else "the desktop's portal ended it"
        raise PortalRefused("Not shared", why)
    return {name: value for name, (_, value) in values.items()}


def new_token() -> str:
    """A word that names a request or a session of ours."""
    return f"courtside_{secrets.token_hex(8)}"


def _reason(error: Any) -> str:
    from jeepney import HeaderFields

    text = error.body[0] if error.body and isinstance(error.body[0], str) else ""
    return text or str(error.header.fields.get(HeaderFields.error_name))
