"""A desktop's portal on the session bus that shares a real PipeWire node, and holds shortcuts:
`python tests/sharing_portal.py [NODE X Y WIDTH HEIGHT]`.

Answers ScreenCast and GlobalShortcuts as xdg-desktop-portal does. Says on stdout what was asked, one JSON list a line.
Lines on stdin: `refuse` (whoever is asked next says no), `end` (sharing is ended at the desktop), `press SHORTCUT`,
`release SHORTCUT`.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import sys
from contextlib import closing
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
CAST = "org.freedesktop.portal.ScreenCast"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
PROPERTIES = {(CAST, "version"): 4, (CAST, "AvailableSourceTypes"): 3, (SHORTCUTS, "version"): 1}


class SharingPortal:
    """One portal with one session at a time."""

    def __init__(self, connection: DBusConnection, words: list[str]) -> None:
        self._connection = connection
        self._stream = [int(word) for word in words]
        self._refuses = False
        self._session = ""
        self._client = ""
        self._remembers = False
        self._given = 0

    def answer(self, message: Any) -> None:
        """One call."""
        fields = message.header.fields
        if message.header.message_type is not MessageType.method_call:
            return
        member = fields[HeaderFields.member]
        self._client = fields[HeaderFields.sender]
        if member == "Get":
            number = PROPERTIES.get(message.body)
            answer = new_error(message, "org.freedesktop.DBus.Error.InvalidArgs", "s", ("no such property",))
            self._send(answer if number is None else new_method_return(message, "v", (("u", number),)))
        elif member == "OpenPipeWireRemote":
            with socket.socket(socket.AF_UNIX) as remote:
                remote.connect(os.path.join(os.environ["XDG_RUNTIME_DIR"], "pipewire-0"))
                self._send(new_method_return(message, "h", (remote,)))
        elif member in ("CreateSession", "SelectSources", "Start", "BindShortcuts"):
            self._request(message, member)
        else:
            self._send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", (member,)))

    def command(self, line: str) -> None:
        """One line of stdin."""
        word, _, rest = line.partition(" ")
        if word == "refuse":
            self._refuses = True
        elif word == "end":
            self._tell(self._session, "org.freedesktop.portal.Session", "Closed", "a{sv}", ({},))
        else:
            member = {"press": "Activated", "release": "Deactivated"}[word]
            self._tell(PATH, SHORTCUTS, member, "osta{sv}", (self._session, rest, 0, {}))

    def _request(self, message: Any, member: str) -> None:
        """Its path at once, its response as a signal."""
        options = {name: value for name, (_, value) in message.body[-1].items()}
        print(json.dumps([member, {name: options[name] for name in options if "token" not in name or "re" in name}]))
        sys.stdout.flush()
        sender = self._client[1:].replace(".", "_")
        request = f"{PATH}/request/{sender}/{options['handle_token']}"
        self._send(new_method_return(message, "o", (request,)))
        if member == "CreateSession":
            self._session = f"{PATH}/session/{sender}/{options['session_handle_token']}"
            result: dict[str, Any] = {"session_handle": ("s", self._session)}
        elif member == "SelectSources":
            self._remembers = options.get("persist_mode", 0) == 2
            result = {}
        elif member == "BindShortcuts":
            print(json.dumps(["shortcuts", {name: told["preferred_trigger"][1] for name, told in message.body[1]}]))
            sys.stdout.flush()
            result = {"shortcuts": ("a(sa{sv})", message.body[1])}
        else:
            result = self._started()
        refused = self._refuses and member in ("Start", "BindShortcuts")
        self._refuses = self._refuses and not refused
        self._tell(
            request, "org.freedesktop.portal.Request", "Response", "ua{sv}", (int(refused), {} if refused else result)
        )

    def _started(self) -> dict[str, Any]:
        node, *place = self._stream
        self._given += 1
        told = {"position": ("(ii)", tuple(place[:2])), "size": ("(ii)", tuple(place[2:])), "source_type": ("u", 1)}
        token = {"restore_token": ("s", f"token {self._given}")} if self._remembers else {}
        return {"streams": ("a(ua{sv})", [(node, told)]), "persist_mode": ("u", 2), **token}

    def _tell(self, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> None:
        signal = new_signal(DBusAddress(path, NAME, interface), member, signature, body)
        signal.header.fields[HeaderFields.destination] = self._client
        self._send(signal)

    def _send(self, message: Any) -> None:
        self._connection.send(message)


def main(words: list[str]) -> None:
    with closing(open_dbus_connection(enable_fds=True)) as connection:
        connection.send_and_get_reply(message_bus.RequestName(NAME))
        portal = SharingPortal(connection, words)
        print(json.dumps(["ready", {}]), flush=True)
        waiting = selectors.DefaultSelector()
        waiting.register(connection.sock, selectors.EVENT_READ)
        waiting.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fileobj is not sys.stdin:
                    portal.answer(connection.receive())
                elif lines := os.read(sys.stdin.fileno(), 4096):
                    for line in lines.decode().splitlines():
                        portal.command(line)
                else:
                    return


if __name__ == "__main__":
    main(sys.argv[1:])
