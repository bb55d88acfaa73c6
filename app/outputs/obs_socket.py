"""One connection to OBS, as obs-websocket 5 is spoken
(https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from core.errors import OutputError

if TYPE_CHECKING:
    from app.outputs.obs_address import ObsAddress

HELLO = 0
IDENTIFY = 1
EVENT = 5
REQUEST = 6
RESPONSE = 7
RPC_VERSION = 1
OUTPUT_EVENTS = 1 << 6  # recording and streaming begin, pause and end
WRONG_PASSWORD = 4009
NOT_FOUND = 600
ANSWER_WITHIN_S = 3.0
PING = {"ping_interval": 1.5, "ping_timeout": 2.5}
"""Seconds: an OBS that hangs is noticed within four."""

Data = dict[str, Any]


def _ignore(kind: str, code: int) -> None:
    """For who does not ask whether it was granted."""


class RequestFailed(Exception):
    """OBS cannot do what was asked. `code` is as in its protocol."""

    def __init__(self, kind: str, code: int, comment: str) -> None:
        super().__init__(f"{kind}: {comment or code}")
        self.code = code


class Connection(Protocol):
    """The part of `websockets.sync.client.ClientConnection` that is used; sending is safe from any thread."""

    def send(self, message: str) -> None: ...
    def recv(self, timeout: float | None = None) -> str | bytes: ...
    def close(self) -> None: ...


class ObsSocket:
    """Requests and events. One thread reads; `tell` may be called from any.

    Attributes:
        on_refusal: hears in the thread that reads of each request sent by `tell` that OBS did not grant, and its code.
    """

    def __init__(self, connection: Connection) -> None:
        self.on_refusal: Callable[[str, int], None] = _ignore
        self._connection = connection
        self._number = 0
        self._early: list[Data] = []  # events that came while an answer was awaited

    def ask(self, kind: str, **data: Any) -> Data:
        """Sends a request and waits for its answer. Raises RequestFailed, TimeoutError or a websocket's error."""
        number = self.tell(kind, **data)
        while True:
            code, body = self._receive(ANSWER_WITHIN_S)
            if code == EVENT:
                self._early.append(body)
            elif code == RESPONSE and body["requestId"] == number:
                break
        status = body["requestStatus"]
        if not status["result"]:
            raise RequestFailed(kind, int(status["code"]), str(status.get("comment", "")))
        return body.get("responseData") or {}

    def tell(self, kind: str, **data: Any) -> str:
        """Sends a request whose answer nobody waits for; its id."""
        self._number += 1
        number = f"{kind} {self._number}"
        body = {"requestType": kind, "requestId": number, "requestData": data}
        self._connection.send(json.dumps({"op": REQUEST, "d": body}))
        return number

    def events(self) -> Iterator[Data]:
        """Events as they come, until the connection ends with a websocket's error."""
        while True:
            while self._early:
                yield self._early.pop(0)
            code, body = self._receive(None)
            if code == EVENT:
                yield body
            elif code == RESPONSE and not body["requestStatus"]["result"]:
                self.on_refusal(str(body["requestType"]), int(body["requestStatus"]["code"]))

    def identify(self, address: ObsAddress) -> None:
        """The greeting. Raises OutputError when OBS wants another password."""
        from websockets.exceptions import ConnectionClosed

        code, hello = self._receive(ANSWER_WITHIN_S)
        if code != HELLO:
            raise OutputError("That is not OBS", f"What listens at {address.shown} speaks another language.")
        body: Data = {"rpcVersion": RPC_VERSION, "eventSubscriptions": OUTPUT_EVENTS}
        if (challenge := hello.get("authentication")) is not None:
            if not address.password:
                raise OutputError("OBS wants a password", f"Give it: --obs ws://:PASSWORD@{address.shown}. {WHERE}")
            body["authentication"] = proof(address.password, challenge["salt"], challenge["challenge"])
        self._connection.send(json.dumps({"op": IDENTIFY, "d": body}))
        try:
            self._receive(ANSWER_WITHIN_S)
        except ConnectionClosed as closed:
            if closed.rcvd is not None and closed.rcvd.code == WRONG_PASSWORD:
                raise OutputError("OBS refuses the password", WHERE) from None
            raise

    def close(self) -> None:
        self._connection.close()

    def _receive(self, patience_s: float | None) -> tuple[int, Data]:
        message = json.loads(self._connection.recv(patience_s))
        return int(message["op"]), message["d"]


WHERE = "It is shown in OBS: Tools, WebSocket Server Settings, Show Connect Info."


def unanswered(address: ObsAddress, error: Exception) -> str:
    """Why OBS does not answer, in words, without the password."""
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{address.shown}: {why}."


def proof(password: str, salt: str, challenge: str) -> str:
    """That one knows the password, without telling it."""
    secret = base64.b64encode(hashlib.sha256((password + salt).encode()).digest()).decode()
    return base64.b64encode(hashlib.sha256((secret + challenge).encode()).digest()).decode()


@contextmanager
def connected(address: ObsAddress) -> Iterator[ObsSocket]:
    """A connection that has been greeted. Raises OutputError, OSError, TimeoutError or a websocket's error."""
    from websockets.sync.client import connect

    limits = {"open_timeout": 3.0, "close_timeout": 0.5, "max_size": 16 << 20}
    with connect(address.url, proxy=None, subprotocols=["obswebsocket.json"], **PING, **limits) as connection:  # type: ignore
        socket = ObsSocket(connection)
        socket.identify(address)
        yield socket
