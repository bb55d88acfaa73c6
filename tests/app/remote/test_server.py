"""The socket of a running Courtside: who may reach it, what it answers, what it leaves behind."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.remote import client, wire
from app.remote.address import runtime_folder, socket_path
from app.remote.server import Server
from app.remote.wire import Request
from core.errors import CourtsideError, UsageError

Answer = Callable[[Request], Mapping[str, Any]]


@pytest.fixture(autouse=True)
def own_runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def serving() -> Iterator[Callable[[str, Answer], Server]]:
    opened: list[Server] = []

    def open_(name: str, answer: Answer) -> Server:
        opened.append(Server(name, answer))
        assert opened[-1].open()
        return opened[-1]

    yield open_
    for server in opened:
        server.close()


def echo(request: Request) -> Mapping[str, Any]:
    return {"said": f"{request.action} {request.text}".strip()}


def test_a_request_is_answered_and_the_next_one_too(serving) -> None:
    serving("window", echo)
    assert client.ask(Request("pause")) == {"said": "pause"}
    assert client.ask(Request("ask", "Who “leads”?\n…")) == {"said": "ask Who “leads”?\n…"}


def test_only_this_user_may_enter(serving) -> None:
    before = os.umask(0)
    try:
        serving("window", echo)
    finally:
        os.umask(before)
    path = socket_path("window")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_a_folder_that_others_may_enter_is_refused() -> None:
    folder = runtime_folder()
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    server = Server("window", echo)
    with pytest.raises(CourtsideError, match="only you may enter"):
        server.open()
    server.close()


def test_an_error_reaches_the_one_who_asked_as_it_is(serving) -> None:
    def refuse(request: Request) -> Mapping[str, Any]:
        if request.action == "pause":
            raise CourtsideError("Nothing is watched", "press Start")
        raise UsageError("No such persona", "there are: hype")

    serving("window", refuse)
    with pytest.raises(CourtsideError, match="Nothing is watched: press Start") as failed:
        client.ask(Request("pause"))
    assert failed.value.exit_status == 1
    with pytest.raises(UsageError, match="there are: hype"):
        client.ask(Request("persona", "nobody"))


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"dance\n", "no JSON"),
        (b'["pause"]\n', "no JSON object"),
        (b'{"action": "dance"}\n', "none of: pause"),
        (b'{"action": "ask"}\n', "ask TEXT"),
        (b'{"action": "pause", "text": "now"}\n', "nothing behind it"),
        (b'{"action": "pause", "run": "rm"}\n', "a request is"),
        (b"x" * (wire.MAX_BYTES + 8192), "longer than"),
    ],
)
def test_what_is_no_request_is_refused_and_the_server_goes_on(serving, sent: bytes, told: str) -> None:
    heard: list[Request] = []
    serving("window", lambda request: heard.append(request) or {"said": "done"})
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(socket_path("window")))
        connection.sendall(sent)
        with pytest.raises(UsageError, match=told):
            wire.decoded_reply(wire.read_line(connection))
    assert not heard
    assert client.ask(Request("pause")) == {"said": "done"}


def test_who_hangs_up_at_once_does_no_harm(serving) -> None:
    serving("window", echo)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(socket_path("window")))
    assert client.ask(Request("pause")) == {"said": "pause"}


def test_a_name_is_held_by_one_and_free_when_it_closes(serving, own_runtime_folder: Path) -> None:
    first = serving("window", echo)
    second = Server("window", echo)
    assert not second.open()
    second.close()
    assert client.ask(Request("pause")) == {"said": "pause"}
    first.close()
    third = Server("window", echo)
    assert third.open()
    third.close()
    assert not list(own_runtime_folder.glob("courtside/*"))


def test_what_a_killed_one_left_is_no_hindrance(serving) -> None:
    path = socket_path("window")
    path.parent.mkdir(parents=True, mode=0o700)
    path.parent.parent.chmod(0o700)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with pytest.raises(CourtsideError, match=r"Nothing runs: start courtside"):
        client.ask(Request("status"))
    assert not path.exists()
    serving("window", echo)
    assert client.raise_window()


def test_the_window_is_asked_before_any_watch(serving) -> None:
    serving("watch-1", lambda _: {"said": "older"})
    os.utime(socket_path("watch-1"), (1, 1))
    serving("watch-2", lambda _: {"said": "newer"})
    assert client.ask(Request("status")) == {"said": "newer"}
    assert not client.raise_window()
    serving("window", lambda _: {"said": "window"})
    assert client.ask(Request("status")) == {"said": "window"}


def test_another_config_folder_is_another_courtside(serving, tmp_path: Path, monkeypatch) -> None:
    serving("window", echo)
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "other"))
    with pytest.raises(CourtsideError, match="Nothing runs"):
        client.ask(Request("pause"))
