from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.chat.endpoint import ChatEndpoint, EndpointSettings, Reply
from core.errors import EndpointError, UsageError
from tests.chat_server import ChatServer, free_address
from tests.quiet_clock import quiet_s
from tests.waiting import PATIENCE_S

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Goal?"}]


def endpoint(url: str, on_wait: Callable[[str], None] = lambda line: None, **settings: Any) -> ChatEndpoint:
    quick = {"pauses_s": (0.01, 0.02), "patience_s": 30.0, "model": "small"} | settings
    return ChatEndpoint(EndpointSettings(url=url, **quick), on_wait)


def test_a_question_and_its_answer(server: ChatServer) -> None:
    reply = endpoint(server.url, key="secret", temperature=0.2, seed=7, max_tokens=9).ask(MESSAGES)
    assert reply == Reply("yes", len("Be brief.Goal?") // 4, 0)
    assert server.asked == [{"model": "small", "messages": MESSAGES, "temperature": 0.2, "seed": 7, "max_tokens": 9}]
    assert server.keys == ["Bearer secret"]


def test_no_key_and_nothing_that_not_every_server_takes(server: ChatServer) -> None:
    endpoint(server.url, seed=None).ask(MESSAGES)
    assert server.keys == [None]
    assert set(server.asked[0]) == {"model", "messages", "temperature"}


@pytest.mark.parametrize("suffix", ["", "/", "/chat/completions", "/chat/completions/"])
def test_the_base_or_the_whole_address(server: ChatServer, suffix: str) -> None:
    assert endpoint(server.url + suffix).ask(MESSAGES).text == "yes"


def test_a_host_alone(server: ChatServer) -> None:
    assert endpoint(server.url.removesuffix("/v1")).ask(MESSAGES).text == "yes"


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host/v1", "", "http://", "file:///etc/passwd"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="no http:// or https:// address"):
        endpoint(url)


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_an_endpoint_that_is_busy_is_asked_again(server: ChatServer, status: int) -> None:
    server.statuses = [status, status, status]
    told: list[str] = []
    assert endpoint(server.url, told.append).ask(MESSAGES).text == "yes"
    assert len(told) == 3
    assert f"HTTP {status} (status {status} it is); trying again in 1 s" in told[0]


def test_retry_after_is_honoured(server: ChatServer) -> None:
    server.statuses = [429]
    server.headers = {"Retry-After": "0.6"}
    begun = time.monotonic()
    endpoint(server.url).ask(MESSAGES)
    assert time.monotonic() - begun >= 0.6


@pytest.mark.parametrize(("status", "advice"), [(400, ""), (401, "key"), (403, "key"), (404, "address"), (302, "")])
def test_a_refusal_is_final(server: ChatServer, status: int, advice: str) -> None:
    server.statuses = [status]
    server.headers = {"Location": server.url + "/chat/completions"}
    with pytest.raises(EndpointError, match=f"HTTP {status}.*{advice}") as error:
        endpoint(server.url, key="secret").ask(MESSAGES)
    assert len(server.asked) == 1
    assert "secret" not in repr(error.value)


def test_an_endpoint_that_is_down() -> None:
    told: list[str] = []
    with pytest.raises(EndpointError, match=r"does not answer: http://127.*Connection refused") as error:
        endpoint(free_address(), told.append, patience_s=0.1).ask(MESSAGES)
    assert "\n" not in str(error.value)
    assert len(told) >= 3


def test_no_patience_at_all() -> None:
    with pytest.raises(EndpointError, match="does not answer"):
        endpoint(free_address(), patience_s=0).ask(MESSAGES)


def test_an_endpoint_that_is_slow(server: ChatServer) -> None:
    server.slow_s = 0.5
    told: list[str] = []

    def quicker(line: str) -> None:
        told.append(line)
        server.slow_s = 0.0

    assert endpoint(server.url, quicker, timeout_s=0.2).ask(MESSAGES).text == "yes"
    assert "no answer in time" in told[0]


@pytest.mark.parametrize(
    "body", [b"", b"<html>busy</html>", b"[]", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}']
)
def test_an_answer_that_is_none_is_empty(server: ChatServer, body: bytes) -> None:
    server.body = body
    assert endpoint(server.url).ask(MESSAGES) == Reply("")


def test_strange_counts_of_tokens(server: ChatServer) -> None:
    server.body = b'{"choices": [{"message": {"content": "hi"}}], "usage": {"prompt_tokens": "many"}}'
    assert endpoint(server.url).ask(MESSAGES) == Reply("hi")


def test_stop_ends_those_who_wait() -> None:
    waits = threading.Event()
    asking = endpoint(free_address(), lambda line: waits.set(), pauses_s=(60.0,), patience_s=300.0)
    failed: list[EndpointError] = []

    def ask() -> None:
        try:
            asking.ask(MESSAGES)
        except EndpointError as error:
            failed.append(error)

    waiting = threading.Thread(target=ask)
    waiting.start()
    assert waits.wait(PATIENCE_S)
    asking.stop()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()
    assert failed[0].title == "Stopped"


def test_stop_ends_one_that_is_under_way(server: ChatServer) -> None:
    server.slow_s = 30.0
    asking = endpoint(server.url, timeout_s=60.0)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(asking.ask, MESSAGES)
        while not server.asked:
            time.sleep(0.01)
        begun = quiet_s()
        asking.stop()
        assert answer.exception(timeout=PATIENCE_S) is not None
        assert quiet_s() - begun < 2
    with pytest.raises(EndpointError, match="Stopped"):
        asking.ask(MESSAGES)


def test_nothing_secret_is_told() -> None:
    assert "secret" not in repr(EndpointSettings("http://h/v1", "m", key="secret"))
    with pytest.raises(EndpointError) as error:
        endpoint(free_address() + "?token=secret", patience_s=0).ask(MESSAGES)
    assert "secret" not in str(error.value)
    with pytest.raises(UsageError, match="A password in an address") as refused:
        endpoint("http://user:secret@host/v1")
    assert "secret" not in str(refused.value)
