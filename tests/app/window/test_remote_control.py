"""Requests that cross from the socket's thread into that of the window."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from app.remote import client
from app.remote.wire import Request
from app.window.remote_control import RemoteControl
from core.errors import CourtsideError


@pytest.fixture(autouse=True)
def own_runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))


class Asking:
    """A request from another thread, as `courtside ctl` makes it."""

    def __init__(self, request: Request) -> None:
        self.reply: Any = None
        self._request = request
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.reply = client.ask(self._request)
        except CourtsideError as error:
            self.reply = error

    def join(self) -> None:
        self._thread.join(10)


def test_it_is_done_in_the_thread_of_the_window(qapp, qtbot) -> None:
    threads: list[threading.Thread] = []
    remote = RemoteControl(lambda name, text: threads.append(threading.current_thread()) or {"said": name + text})
    assert remote.open()
    asking = Asking(Request("ask", "Who?"))
    qtbot.waitUntil(lambda: asking.reply is not None)
    asking.join()
    assert asking.reply == {"said": "askWho?"}
    assert threads == [threading.main_thread()]
    remote.close()


@pytest.mark.expects_log("a request failed")
def test_a_mistake_of_ours_is_told_at_once(qapp, qtbot) -> None:
    def broken(name: str, text: str) -> dict[str, Any]:
        raise ValueError("oops")

    remote = RemoteControl(broken)
    remote.open()
    asking = Asking(Request("pause"))
    qtbot.waitUntil(lambda: asking.reply is not None)
    asking.join()
    assert str(asking.reply) == "Not done: ValueError: oops"
    remote.close()


def test_a_window_that_closes_keeps_nobody_waiting(qapp, qtbot) -> None:
    asked: list[str] = []
    remote = RemoteControl(lambda name, text: asked.append(name) or {})
    remote.open()
    asking = Asking(Request("pause"))
    started = threading.Event()
    threading.Timer(0.3, started.set).start()
    started.wait(5)  # the window's thread is busy meanwhile, and then closes
    remote.close()
    asking.join()
    assert str(asking.reply) == "No answer: the window is closing"
    qtbot.wait(50)
    assert asked == []
