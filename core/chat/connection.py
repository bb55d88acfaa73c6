"""One HTTP POST that another thread can end: directly, or by the proxy that the environment names."""

from __future__ import annotations

import base64
import http.client
import socket
import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

CONNECT_S = 10.0
"""A host that does not even take the connection in this time is away."""
MAX_BYTES = 16 << 20
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Connections:
    """Posts to one address from any number of threads, until `stop`."""

    def __init__(self, address: str, timeout_s: float) -> None:
        """timeout_s: between two pieces of an answer."""
        self._parts = urlsplit(address)
        self._timeout_s = timeout_s
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.stopped = threading.Event()

    def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Raises OSError or http.client.HTTPException where no answer comes, ConnectionAbortedError after `stop`."""
        connection, target, proxy_headers = _connection(self._parts)
        with closing(connection):
            connection.connect()
            under_way = connection.sock  # which the connection gives up before an answer that ends with it was read
            self._enter(under_way)
            try:
                connection.request("POST", target, body, headers | proxy_headers)
                response = connection.getresponse()
                return Answer(response.status, response.headers, response.read(MAX_BYTES))
            finally:
                with self._lock:
                    self._open.discard(under_way)

    def stop(self) -> None:
        """End what is under way; nothing is sent any more."""
        with self._lock:
            self.stopped.set()
            for under_way in self._open:
                with suppress(OSError):
                    under_way.shutdown(socket.SHUT_RDWR)

    def _enter(self, under_way: socket.socket) -> None:
        with self._lock:
            if self.stopped.is_set():
                raise ConnectionAbortedError("stopped")
            under_way.settimeout(self._timeout_s)
            self._open.add(under_way)


def _connection(parts: SplitResult) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
    """A connection not opened yet, the target to ask it for, and headers for a proxy."""
    host = parts.hostname or ""
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    proxy = "" if host in LOOPBACK or proxy_bypass(host) else getproxies().get(parts.scheme, "")
    if not proxy:
        return kind(host, parts.port, timeout=CONNECT_S), target, {}
    via = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    connection = kind(via.hostname or "", via.port or 80, timeout=CONNECT_S)
    headers = _proxy_headers(via)
    if parts.scheme == "https":
        connection.set_tunnel(host, parts.port or 443, headers)
        return connection, target, {}
    return connection, parts.geturl(), headers


def _proxy_headers(via: SplitResult) -> dict[str, str]:
    if via.username is None:
        return {}
    told = f"{unquote(via.username)}:{unquote(via.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(told.encode()).decode("ascii")}
