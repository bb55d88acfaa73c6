"""The overlay page's web server: on this machine alone, for whoever knows the secret in the address."""

from __future__ import annotations

import hmac
import json
import logging
import re
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.outputs.page_feed import Event, PageFeed
from core.assets import ASSETS
from core.errors import CourtsideError, UsageError

ADDRESS = "127.0.0.1"
FILES = {
    "": ("index.html", "text/html; charset=utf-8"),
    "overlay.css": ("overlay.css", "text/css; charset=utf-8"),
    "overlay.js": ("overlay.js", "text/javascript; charset=utf-8"),
}
"""What is served, by its name in the address; nothing else can be asked for."""
COMMANDS = ("pause", "resume", "clear", "panic", "ask")
"""What a page may ask of the stream."""
MAX_COMMAND_BYTES = 2000
MAX_CONNECTIONS = 32
REQUEST_WITHIN_S = 5.0
HEARTBEAT_S = 10.0
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline' https:; "
    "font-src 'self' https: data:; img-src 'self' https: data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""With every answer. Styles and fonts may come from elsewhere, for a browser source's custom CSS; scripts may not."""

log = logging.getLogger(__name__)


class PageServer(ThreadingHTTPServer):
    """Serves page, event stream and commands below `/TOKEN/`; any other request gets nothing.

    Attributes:
        url: where the page is. feed, control, token: what requests are answered with.
    """

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would let others take the port, too

    def __init__(self, port: int, token: str, feed: PageFeed, control: Callable[[str], None]) -> None:
        """Listens at once. Raises UsageError when the port cannot be had."""
        try:
            super().__init__((ADDRESS, port), PageRequest)
        except (OSError, OverflowError) as error:
            fix = "Is another Courtside running? Give another --page PORT; 0 takes any that is free."
            raise UsageError(f"Port {port} cannot be had for the overlay page", f"{error}. {fix}") from error
        self.feed = feed
        self.control = control
        self.token = token
        self.hosts = {f"{name}:{self.server_port}" for name in (ADDRESS, "localhost")}
        self.url = page_url(self.server_port, token)
        self._closing = False
        self._free = threading.Semaphore(MAX_CONNECTIONS)
        self._thread = threading.Thread(target=self._serve, name="page", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends every connection and stops listening."""
        self._closing = True
        self.feed.close()
        with suppress(OSError), socket.create_connection((ADDRESS, self.server_port), 1.0):
            pass  # wakes the thread up
        self._thread.join()
        self.server_close()

    def _serve(self) -> None:
        while not self._closing:
            self.handle_request()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._closing or not self._free.acquire(blocking=False):
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.info("a page's connection ended early", exc_info=True)


def page_url(port: int, token: str) -> str:
    """Where the page is."""
    return f"http://{ADDRESS}:{port}/{token}/"


class PageRequest(BaseHTTPRequestHandler):
    """One request; the connection is closed after it."""

    server: PageServer
    timeout = REQUEST_WITHIN_S
    server_version = "Courtside"
    sys_version = ""

    def do_GET(self) -> None:
        name = self._name()
        if name == "events":
            self._stream()
        elif name in FILES:
            file, kind = FILES[name]
            self._answer(HTTPStatus.OK, (ASSETS / "overlay" / file).read_bytes(), kind)
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        origins = {f"http://{host}" for host in self.server.hosts}
        length = self.headers.get("Content-Length", "")
        if self._name() != "control":
            self._answer(HTTPStatus.NOT_FOUND)
        elif self.headers.get("Origin") not in (None, *origins):
            self._answer(HTTPStatus.FORBIDDEN)
        elif not re.fullmatch("[0-9]{1,4}", length) or int(length) > MAX_COMMAND_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._execute(self.rfile.read(int(length)).decode("utf-8", "replace"))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address holds the secret."""

    def _name(self) -> str | None:
        """What is asked for below `/TOKEN/`; None for a request that has no right to an answer."""
        path = self.path.partition("?")[0].removeprefix("/")
        token, slash, name = path.partition("/")
        known = hmac.compare_digest(token.encode(), self.server.token.encode())
        return name if known and slash and self.headers.get("Host") in self.server.hosts else None

    def _execute(self, line: str) -> None:
        words = line.strip().split()
        if not words or words[0] not in COMMANDS:
            self._answer(HTTPStatus.BAD_REQUEST, b"Unknown command")
            return
        try:
            self.server.control(" ".join(words))
        except CourtsideError as error:
            self._answer(HTTPStatus.BAD_REQUEST, str(error).encode())
        else:
            self._answer(HTTPStatus.NO_CONTENT)

    def _answer(self, status: HTTPStatus, body: bytes = b"", kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Type", kind)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        """Server-sent events, until the page or the stream goes away; a page that does not read is let go."""
        self.send_response(HTTPStatus.OK)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        first, number = self.server.feed.snapshot()
        self._send([first])
        while True:
            events, number = self.server.feed.after(number, HEARTBEAT_S)
            if self.server.feed.closed and not events:
                return
            self._send(events)

    def _send(self, events: list[Event]) -> None:
        lines = [f"data: {json.dumps(event)}\n\n" for event in events] or [": still here\n\n"]
        self.wfile.write("".join(lines).encode())
