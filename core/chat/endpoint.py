"""Any OpenAI-compatible chat endpoint: one question, one answer, and patience when it is away."""

from __future__ import annotations

import http.client
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.chat.connection import Answer, Connections
from core.errors import EndpointError, UsageError

COMPLETIONS = "/chat/completions"
PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Between tries; the last one holds from then on."""
TEMPORARY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""HTTP statuses after which it is worth trying again."""
ADVICE = {401: "; is the key right?", 403: "; is the key right?", 404: "; are address and model right?"}
Messages = Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint answered.

    Attributes:
        text: "" where the answer was no chat completion.
        prompt_tokens, completion_tokens: as the endpoint counts them; 0 where it does not say.
    """

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Which endpoint, and how long to wait for it.

    Attributes:
        url: its base (`http://localhost:8000/v1`) or the whole address of its chat completions.
        model: the name sent with each request.
        key: sent as a bearer token; "" for none.
        timeout_s: for one answer. patience_s: for an endpoint that is away, all tries of one request together.
        pauses_s: between tries.
        max_tokens: of an answer; None leaves it to the endpoint.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    temperature: float = 0.0
    seed: int | None = 0
    timeout_s: float = 120.0
    patience_s: float = 300.0
    pauses_s: tuple[float, ...] = PAUSES_S
    max_tokens: int | None = None

    def address(self) -> str:
        """Where requests go. Raises UsageError for what is no HTTP address."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError("Not an endpoint", f"{self.url!r} is no http:// or https:// address")
        if parts.username is not None:
            raise UsageError("A password in an address", "others can see it there; give a key by the environment")
        path = parts.path.rstrip("/")
        if not path.endswith(COMPLETIONS):
            path = (path or "/v1") + COMPLETIONS
        return parts._replace(path=path, fragment="").geturl()


class ChatEndpoint:
    """Asks one endpoint; may be used from several threads.

    Attributes:
        settings: which endpoint, and how long to wait for it.
    """

    def __init__(self, settings: EndpointSettings, on_wait: Callable[[str], None] = lambda line: None) -> None:
        """on_wait: told in one line of every pause. Raises UsageError for an address that is none."""
        self.settings = settings
        self._address = settings.address()
        self._on_wait = on_wait
        self._connections = Connections(self._address, settings.timeout_s)

    def ask(self, messages: Messages) -> Reply:
        """The answer. Raises EndpointError when the endpoint stays away, refuses, or `stop` was called."""
        give_up = time.monotonic() + self.settings.patience_s
        pauses = iter(self.settings.pauses_s)
        pause = self.settings.pauses_s[-1]
        while not self._connections.stopped.is_set():
            try:
                return _reply(self._post(messages))
            except _AwayError as error:
                pause = max(next(pauses, pause), error.wait_s)
                if time.monotonic() + pause > give_up:
                    raise EndpointError("The endpoint does not answer", f"{self._shown()}: {error}") from error
                self._on_wait(f"{self._shown()}: {error}; trying again in {math.ceil(pause)} s")
                self._connections.stopped.wait(pause)
        raise EndpointError("Stopped", "the request was given up")

    def stop(self) -> None:
        """Let every request end now."""
        self._connections.stop()

    def _shown(self) -> str:
        """The address without what may be secret in it."""
        parts = urlsplit(self._address)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"

    def _post(self, messages: Messages) -> bytes:
        headers = {"Content-Type": "application/json", "User-Agent": "courtside"}
        if self.settings.key:
            headers["Authorization"] = f"Bearer {self.settings.key}"
        try:
            answer = self._connections.post(self._body(messages), headers)
        except (OSError, http.client.HTTPException) as error:
            raise _AwayError(_why(error)) from error
        if answer.status != http.HTTPStatus.OK:
            raise self._refused(answer)
        return answer.body

    def _body(self, messages: Messages) -> bytes:
        settings = self.settings
        body: dict[str, Any] = {"model": settings.model, "messages": list(messages)}
        body["temperature"] = settings.temperature
        optional = {"seed": settings.seed, "max_tokens": settings.max_tokens}
        body.update({name: value for name, value in optional.items() if value is not None})
        return json.dumps(body).encode()

    def _refused(self, answer: Answer) -> Exception:
        """A redirect is a refusal, too: the key goes to the address that was given and nowhere else."""
        said = _error_text(answer.body)
        if answer.status in TEMPORARY:
            return _AwayError(f"HTTP {answer.status}{said}", _retry_after(answer.headers.get("Retry-After")))
        advice = ADVICE.get(answer.status, "")
        return EndpointError("The endpoint refuses", f"{self._shown()}: HTTP {answer.status}{said}{advice}")


class _AwayError(Exception):
    """The endpoint may answer later, after `wait_s` at the earliest."""

    def __init__(self, message: str, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return " ".join(str(getattr(error, "strerror", None) or error or type(error).__name__).split())


def _retry_after(value: str | None) -> float:
    try:
        return max(0.0, float(value or 0))
    except ValueError:
        return 0.0


def _reply(data: bytes) -> Reply:
    """The answer in a chat completion; an empty one where it is none."""
    try:
        found = json.loads(data)
        text = found["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError):
        return Reply("")
    usage = found.get("usage")
    counts = [_count(usage, name) for name in ("prompt_tokens", "completion_tokens")]
    return Reply(text if isinstance(text, str) else "", *counts)


def _count(usage: Any, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and value >= 0 else 0


def _error_text(data: bytes) -> str:
    """What the endpoint says is wrong, in one short line."""
    try:
        error = json.loads(data)["error"]
        text = error["message"] if isinstance(error, dict) else error
    except (ValueError, LookupError, TypeError):
        return ""
    said = " ".join(str(text).split())
    return f" ({said[:200]})" if said else ""
