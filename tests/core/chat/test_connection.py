from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.chat.connection import Connections
from tests.chat_server import ChatServer

BODY = b'{"messages": [{"content": "a"}, {"content": "b"}]}'


@contextmanager
def proxy() -> Iterator[tuple[str, list[tuple[str, str, str | None]]]]:
    """A proxy that takes every request for itself: (its address, [(method, target, authorisation)])."""
    seen: list[tuple[str, str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._seen()
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def do_CONNECT(self) -> None:
            self._seen()
            self.send_error(403)

        def _seen(self) -> None:
            seen.append((self.command, self.path, self.headers.get("Proxy-Authorization")))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        yield f"127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def test_this_machine_is_asked_directly(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy() as (address, seen):
        monkeypatch.setenv("http_proxy", f"http://{address}")
        assert Connections(server.url + "/chat/completions", 5.0).post(BODY, {}).status == 200
    assert seen == []


def test_others_by_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy() as (address, seen):
        monkeypatch.setenv("http_proxy", f"http://me:p%40ss@{address}")
        monkeypatch.setenv("https_proxy", address)
        monkeypatch.delenv("no_proxy", raising=False)
        assert Connections("http://far.example:8000/v1/x?y=1", 5.0).post(BODY, {}).body == b"{}"
        with pytest.raises(OSError, match="403"):
            Connections("https://far.example/v1", 5.0).post(BODY, {})
        monkeypatch.setenv("no_proxy", "far.invalid")
        with pytest.raises(OSError):  # noqa: PT011  # whatever the resolver says of a name that never exists
            Connections("http://far.invalid/v1", 5.0).post(BODY, {})
    told = "Basic " + base64.b64encode(b"me:p@ss").decode()
    assert seen == [("POST", "http://far.example:8000/v1/x?y=1", told), ("CONNECT", "far.example:443", None)]


def test_nothing_is_sent_after_stop(server: ChatServer) -> None:
    connections = Connections(server.url + "/chat/completions", 5.0)
    connections.stop()
    with pytest.raises(ConnectionAbortedError):
        connections.post(BODY, {})
    assert server.asked == []
