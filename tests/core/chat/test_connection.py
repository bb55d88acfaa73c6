from __future__ import annotations

import base64
import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.chat.connection import Connections
from tests.chat_server import ChatServer
from tests.waiting import PATIENCE_S

BODY = b'{"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]}'


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


def test_stop_ends_an_answer_that_ends_with_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says no length closes at the end: http.client gives the socket up before all of it was read."""
    reading = threading.Event()
    written = threading.Event()
    over = threading.Event()
    read = http.client.HTTPResponse.read

    def told_read(response: http.client.HTTPResponse, size: int) -> bytes:
        reading.set()
        return read(response, size)

    monkeypatch.setattr(http.client.HTTPResponse, "read", told_read)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{")
            written.set()
            over.wait(PATIENCE_S)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    connections = Connections(f"http://127.0.0.1:{server.server_port}/v1", timeout_s=PATIENCE_S)
    try:
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(connections.post, BODY, {})
            assert reading.wait(PATIENCE_S)
            assert written.wait(PATIENCE_S)
            connections.stop()
            assert answer.result(PATIENCE_S).body == b"{"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        serving.join()
