"""The overlay page's server: for whoever knows the secret, on this machine, and for nobody else."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from app.folders import config_folder
from app.outputs.page_feed import PageFeed
from app.outputs.page_server import PageServer
from app.outputs.page_token import FILE_NAME, page_token
from core.errors import UsageError
from core.messages import Cleared, Line, Piece, Ready

TOKEN = "x" * 32


@dataclass
class Served:
    """A server, and the commands it was sent."""

    feed: PageFeed = field(default_factory=PageFeed)
    commands: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = PageServer(0, TOKEN, self.feed, self.control)
        self.host = f"127.0.0.1:{self.server.server_port}"

    def control(self, line: str) -> None:
        if line == "ask nobody":
            raise UsageError("Unknown command", "nobody")
        self.commands.append(line)

    def request(self, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=5)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        connection.close()
        return answer


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.server.close()


def line(number: int, text: str) -> Line:
    return Line(number, number, number + 1, text, 0.0, 0.1)


@pytest.mark.parametrize("name", ["", "overlay.css", "overlay.js", "?dock", "?size=20&lines=3"])
def test_the_page_and_its_parts_are_served(served: Served, name: str) -> None:
    answer = served.request(f"/{TOKEN}/{name}")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/", "/index.html", f"/{TOKEN}", f"/{'y' * 32}/", f"/{TOKEN}/index.html", f"/{TOKEN}/../../etc/passwd",
        f"/{TOKEN}/%2e%2e/%2e%2e/pyproject.toml", f"/{TOKEN}//overlay.js", f"/{TOKEN}x/", "/é/",
    ],
)  # fmt: skip
def test_nothing_else_is(served: Served, path: str) -> None:
    with socket.create_connection(("127.0.0.1", served.server.server_port), 5) as raw:
        raw.sendall(f"GET {path} HTTP/1.0\r\nHost: {served.host}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert b" 404 " in answer.split(b"\r\n")[0] or b" 400 " in answer.split(b"\r\n")[0]
    assert b"<main" not in answer
    assert TOKEN.encode() not in answer


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "", "127.0.0.1:1"])
def test_another_host_name_gets_nothing(served: Served, host: str) -> None:
    """A page of somebody else whose name was made to point here would come with its own."""
    assert served.request(f"/{TOKEN}/", Host=host).status == 404
    assert served.request(f"/{TOKEN}/control", method="POST", body="pause", Host=host).status == 404
    assert served.request(f"/{TOKEN}/", Host=f"localhost:{served.server.server_port}").status == 200
    assert served.commands == []


def test_a_dock_steers_and_others_do_not(served: Served) -> None:
    def status(body: str, token: str = TOKEN, **headers: str) -> int:
        return served.request(f"/{token}/control", method="POST", body=body, **headers).status

    own = f"http://{served.host}"
    assert [status("pause", Origin=own), status("ask  Who\nleads?"), status("panic")] == [204, 204, 204]
    assert served.commands == ["pause", "ask Who leads?", "panic"]
    assert status("pause", Origin="https://evil.example") == 403
    assert status("pause", token="z" * 32) == 404
    assert [status(body) for body in ("", "stop", "memory-limit-mb 1", "ask nobody")] == [400] * 4
    assert status("ask " + "x" * 3000) == 413
    assert len(served.commands) == 3


def test_a_page_gets_the_last_lines_then_every_change(served: Served) -> None:
    for number in range(10):
        served.feed.handle(line(number, f"line {number}"))
    served.feed.handle(Piece(10, "Go"))
    connection = HTTPConnection("127.0.0.1", served.server.server_port, timeout=5)
    connection.request("GET", f"/{TOKEN}/events")
    events = connection.getresponse()
    first = read(events)
    assert [shown["text"] for shown in first["lines"]] == [f"line {number}" for number in range(2, 10)]
    assert (first["type"], first["partial"], first["state"]) == ("snapshot", "Go", "loading")
    for message in (Ready("m", "cpu", "f", 1, 1.0), Piece(10, "al"), line(10, "Goal"), line(11, ""), Cleared()):
        served.feed.handle(message)
    assert [read(events) for _ in range(5)] == [
        {"type": "state", "state": "live"},
        {"type": "piece", "text": "al"},
        {"type": "line", "text": "Goal"},
        {"type": "line", "text": ""},
        {"type": "cleared"},
    ]
    assert served.feed.snapshot()[0]["lines"] == []
    served.server.close()
    assert events.read() == b""
    connection.close()
    served.__post_init__()  # for the fixture to close


def read(events: HTTPResponse) -> dict:
    text = events.readline().decode()
    assert events.readline() == b"\n"
    return json.loads(text.removeprefix("data: "))


def test_one_that_is_far_behind_gets_the_last_lines_anew() -> None:
    feed = PageFeed()
    _, number = feed.snapshot()
    for round_ in range(600):
        feed.handle(line(round_, f"line {round_}"))
    events, number = feed.after(number, 0)
    assert [event["type"] for event in events] == ["snapshot"]
    assert feed.after(number, 0) == ([], 600)


def test_a_port_that_is_taken_is_wrong_use(served: Served) -> None:
    with pytest.raises(UsageError, match=f"Port {served.server.server_port} cannot be had"):
        PageServer(served.server.server_port, TOKEN, PageFeed(), served.control)


def test_the_secret_stays_the_same_and_is_this_users() -> None:
    token = page_token()
    path = config_folder() / FILE_NAME
    assert len(token) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert page_token() == token
    path.write_text("../short")
    assert page_token() not in (token, "../short")


@pytest.mark.skipif(os.name != "posix", reason="a folder that cannot be made")
def test_without_a_folder_there_is_one_for_this_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "file" / "config"))
    assert len(page_token()) >= 32
