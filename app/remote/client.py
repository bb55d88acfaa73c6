"""Asks the Courtside that runs to do something, and waits for its reply."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

from app.remote import wire
from app.remote.address import WINDOW, found_sockets, socket_path, supported
from core.errors import CourtsideError

NOTHING_RUNS = "start courtside or courtside watch first"


def ask(request: wire.Request) -> wire.Record:
    """What the window replies, or else the `courtside watch` started last.

    Raises CourtsideError when nothing runs or it refuses, UsageError for what makes no sense.
    """
    if not supported():
        raise CourtsideError("Not on this system", "courtside ctl needs Unix sockets (Linux, macOS)")
    for path in found_sockets():
        if (reply := _reply(path, request)) is not None:
            return wire.decoded_reply(reply)
    raise CourtsideError("Nothing runs", NOTHING_RUNS)


def raise_window() -> bool:
    """Brings the window of a Courtside that runs already to the front. False when there is none."""
    if not supported() or (reply := _reply(socket_path(WINDOW), wire.Request("raise"))) is None:
        return False
    wire.decoded_reply(reply)
    return True


def _reply(path: Path, request: wire.Request) -> bytes | None:
    """The reply; None when nobody listens there any more. Raises CourtsideError when it does not answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2 * wire.PATIENCE_S)
        try:
            connection.connect(str(path))
        except FileNotFoundError:
            return None
        except ConnectionRefusedError:
            with suppress(OSError):
                path.unlink()  # of one that was killed
            return None
        except OSError as error:
            raise CourtsideError("No answer", f"{path}: {error.strerror or error}") from error
        try:
            connection.sendall(wire.encoded_request(request))
            return wire.read_line(connection) or None
        except OSError as error:
            message = f"Courtside runs but does not answer ({error.strerror or error})"
            raise CourtsideError("No answer", message) from error
