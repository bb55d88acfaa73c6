"""A chat endpoint on this machine: the part of OpenAI's protocol that is used, rules behind it, and its bad days."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[str, str], str]
"""From the system text and the user text of a request to the text of the answer."""
_LINE = re.compile(r"^(\d+)\. \[[\d.]+-[\d.]+\] (.*)$", re.MULTILINE)


def clean_or_choose(system: str, user: str) -> str:
    """Adverts are deleted, "Vegga" is spelt "Vega", the rest is kept; live is what has no year in it."""
    sentences = [(int(number), text) for number, text in _LINE.findall(user)]
    if '"live"' in system:
        return json.dumps({"live": [number for number, text in sentences if not re.search(r"\b\d{4}\b", text)]})
    verdicts = []
    for number, text in sentences:
        if "brought to you" in text:
            verdicts.append({"n": number, "do": "delete"})
        elif "Vegga" in text:
            verdicts.append({"n": number, "do": "edit", "text": text.replace("Vegga", "Vega")})
        else:
            verdicts.append({"n": number, "do": "keep"})
    return "```json\n" + json.dumps({"sentences": verdicts}) + "\n```"


class ChatServer:
    """What the tests turn: all may be changed while requests come.

    Attributes:
        answer: makes the text of an answer.
        statuses: HTTP statuses of the next requests, one each; after them it is 200.
        headers: sent with those that are not 200.
        body: sent instead of a chat completion where it is not None.
        slow_s: before an answer.
        refuse_after: requests after which every further one gets 503; None: none does.
        asked: every request's body, in order. keys: their Authorization headers.
    """

    def __init__(self, answer: Answer = clean_or_choose) -> None:
        self.answer = answer
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None
        self.slow_s = 0.0
        self.refuse_after: int | None = None
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def status(self) -> int:
        """Of the request that has just come."""
        if self.statuses:
            return self.statuses.pop(0)
        return 503 if self.refuse_after is not None and len(self.asked) > self.refuse_after else 200


@contextmanager
def chat_server(answer: Answer = clean_or_choose) -> Iterator[ChatServer]:
    server = ChatServer(answer)
    try:
        yield server
    finally:
        server.close()


def free_address() -> str:
    """An address at which nobody answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}/v1"


def _handler(chat: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            chat.asked.append(body)
            chat.keys.append(self.headers.get("Authorization"))
            if chat.slow_s:
                chat.closing.wait(chat.slow_s)
            status = chat.status() if self.path == "/v1/chat/completions" else 404
            with suppress(ConnectionError):
                self._send(status, self._content(status, body))

        def _content(self, status: int, body: dict[str, Any]) -> bytes:
            if status != 200:
                return json.dumps({"error": {"message": f"status\n{status} it is"}}).encode()
            if chat.body is not None:
                return chat.body
            said = {message["role"]: message["content"] for message in body["messages"]}
            system = said.get("system", "")
            user = said["user"]
            text = chat.answer(system, user)
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            usage = {"prompt_tokens": len(system + user) // 4, "completion_tokens": len(text) // 4}
            answer = {"object": "chat.completion", "created": int(time.time()), "choices": [choice], "usage": usage}
            return json.dumps(answer).encode()

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in (chat.headers if status != 200 else {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    return Handler
