"""Requests from the socket's thread, answered in the thread of the window."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as TooLate
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from app.remote.address import WINDOW, supported
from app.remote.server import Server
from app.remote.wire import PATIENCE_S, Request
from core.errors import CourtsideError

log = logging.getLogger(__name__)

Reply = Mapping[str, Any]
Asked = tuple[Request, "Future[Reply]"]


class RemoteControl(QObject):
    """Lets `courtside ctl`, and a second start, reach the window."""

    _asked = Signal(object)

    def __init__(self, perform: Callable[[str, str], Reply], parent: QObject | None = None) -> None:
        """`perform` gets an action and its text, in the thread of this object; it may raise CourtsideError."""
        super().__init__(parent)
        self._perform = perform
        self._waiting: Future[Reply] | None = None
        self._closed = False
        self._server = Server(WINDOW, self._answer) if supported() else None
        self._asked.connect(self._reply, Qt.ConnectionType.QueuedConnection)

    def open(self) -> bool:
        """Listens from now on. False when another window of this user does already."""
        if self._server is None:
            return True
        try:
            return self._server.open()
        except CourtsideError as error:
            log.error("courtside ctl cannot reach this window: %s", error)
            return True

    def close(self) -> None:
        """Whoever waits for a reply is told that there will be none."""
        self._closed = True
        if (waiting := self._waiting) is not None:
            waiting.cancel()
        if self._server is not None:
            self._server.close()

    def _answer(self, request: Request) -> Reply:
        """In the server's thread, which answers one request at a time."""
        reply: Future[Reply] = Future()
        self._waiting = reply
        if self._closed:
            reply.cancel()
        self._asked.emit((request, reply))
        try:
            return reply.result(PATIENCE_S)
        except TooLate:
            raise CourtsideError("No answer", f"the window did nothing for {PATIENCE_S:g} s") from None
        except CancelledError:
            raise CourtsideError("No answer", "the window is closing") from None
        finally:
            self._waiting = None

    def _reply(self, asked: Asked) -> None:
        request, reply = asked
        if not reply.set_running_or_notify_cancel():
            return
        try:
            reply.set_result(self._perform(request.action, request.text))
        except CourtsideError as error:
            reply.set_exception(error)
        except Exception as error:
            log.error("a request failed", exc_info=error)
            reply.set_exception(CourtsideError("Not done", f"{type(error).__name__}: {error}"))
