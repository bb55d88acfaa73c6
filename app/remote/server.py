"""The socket of a running Courtside, in a thread of its own. No Qt."""

from __future__ import annotations

import logging
import os
import selectors
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from app.remote import wire
from app.remote.actions import checked
from app.remote.address import make_private, socket_path
from app.remote.socket_lock import SocketLock
from core.errors import CourtsideError

log = logging.getLogger(__name__)

Answer = Callable[[wire.Request], Mapping[str, Any]]


class Server:
    """Answers one request after the other, from the call of `open` to that of `close`."""

    def __init__(self, name: str, answer: Answer) -> None:
        """`answer` is called in the server's thread; it may raise CourtsideError, which the asker is told."""
        self._path = socket_path(name)
        self._answer = answer
        self._lock = SocketLock(self._path.with_suffix(".lock"))
        self._listener: socket.socket | None = None
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="remote", daemon=True)

    def open(self) -> bool:
        """Listens. False when another process has that name. Raises CourtsideError where no socket can be made."""
        make_private(self._path.parent)
        if not self._lock.acquire():
            return False
        try:
            self._path.unlink(missing_ok=True)  # of one that was killed
            self._listener = _listener(str(self._path))
        except OSError as error:
            self._lock.release()
            raise CourtsideError("No place for a socket", f"{self._path}: {error.strerror}") from error
        self._thread.start()
        return True

    def close(self) -> None:
        """Answers what is being answered, then nothing more; leaves nothing on the disk. Harmless when never opened."""
        if self._listener is not None:
            self._path.unlink(missing_ok=True)
            self._wake.send(b"x")
            self._thread.join()
            self._listener.close()
            self._listener = None
            self._lock.release()
            with suppress(OSError):  # another one still listens there
                self._path.parent.rmdir()
        self._wake.close()
        self._woken.close()

    def _serve(self) -> None:
        assert self._listener is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while all(key.fileobj is not self._woken for key, _ in selector.select()):
                self._accept(self._listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(wire.PATIENCE_S)
                connection.sendall(self._reply(connection))
        except OSError as error:  # whoever asked has gone
            log.info("a request was not answered: %s", error)

    def _reply(self, connection: socket.socket) -> bytes:
        try:
            request = wire.decoded_request(wire.read_line(connection))
            checked(request.action, request.text)
            return wire.encoded_reply(self._answer(request))
        except CourtsideError as error:
            return wire.encoded_error(error)


def _listener(path: str) -> socket.socket:
    """A socket that only this user may connect to, whatever the umask: its folder is closed to others, too."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.bind(path)
        os.chmod(path, 0o600)
        made.listen(16)
    except OSError:
        made.close()
        raise
    return made
