"""A desktop's settings portal on the session bus: `python tests/desktop_portal.py NAMESPACE KEY NUMBER ...`.

Answers ReadOne, Read and ReadAll of org.freedesktop.portal.Settings with unsigned numbers; a line on stdin,
`NAMESPACE KEY NUMBER`, changes one and tells everybody.
"""

from __future__ import annotations

import os
import selectors
import sys
from contextlib import closing
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
INTERFACE = "org.freedesktop.portal.Settings"
NOT_FOUND = "org.freedesktop.portal.Error.NotFound"
Values = dict[tuple[str, str], int]


def answer(connection: DBusConnection, values: Values, message: Any) -> None:
    """One call."""
    if message.header.message_type is not MessageType.method_call:
        return
    member = message.header.fields.get(HeaderFields.member)
    if member == "ReadAll":
        tables: dict[str, dict[str, tuple[str, int]]] = {}
        for (namespace, key), value in values.items():
            tables.setdefault(namespace, {})[key] = ("u", value)
        connection.send(new_method_return(message, "a{sa{sv}}", (tables,)))
    elif member in ("Read", "ReadOne") and message.body in values:
        value = ("u", values[message.body])
        connection.send(new_method_return(message, "v", (("v", value) if member == "Read" else value,)))
    else:
        connection.send(new_error(message, NOT_FOUND, "s", ("no such setting",)))


def change(connection: DBusConnection, values: Values, line: str) -> None:
    namespace, key, number = line.split()
    values[namespace, key] = int(number)
    emitter = DBusAddress(PATH, NAME, INTERFACE)
    connection.send(new_signal(emitter, "SettingChanged", "ssv", (namespace, key, ("u", int(number)))))


def main(words: list[str]) -> None:
    values = {(words[at], words[at + 1]): int(words[at + 2]) for at in range(0, len(words), 3)}
    with closing(open_dbus_connection()) as connection:
        connection.send_and_get_reply(message_bus.RequestName(NAME))
        print("ready", flush=True)
        waiting = selectors.DefaultSelector()
        waiting.register(connection.sock, selectors.EVENT_READ)
        waiting.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fileobj is not sys.stdin:
                    answer(connection, values, connection.receive())
                elif lines := os.read(sys.stdin.fileno(), 4096):
                    for line in lines.decode().splitlines():
                        change(connection, values, line)
                else:
                    return


if __name__ == "__main__":
    main(sys.argv[1:])
