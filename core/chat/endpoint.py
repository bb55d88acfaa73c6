"""Any OpenAI-compatible chat endpoint: one question, one answer, and patience when it is away."""

from __future__ import annotations

import http.client
import json
import math
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.errors import EndpointError, UsageError

COMPLETIONS = "/chat/completions"
PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Between tries; the last one holds from then on."""
TEMPORARY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""HTTP statuses after which it is worth trying again."""
MOST_BYTES = 16 << 20
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
        self._stopped = threading.Event()
        self._opener = urllib.request.build_opener(_NoRedirects)

    def ask(self, messages: Messages) -> Reply:
        """The answer. Raises EndpointError when the endpoint stays away, refuses, or `stop` was called."""
        give_up = time.monotonic() + self.settings.patience_s
        pauses = iter(self.settings.pauses_s)
        pause = self.settings.pauses_s[-1]
        while not self._stopped.is_set():
            try:
                return _reply(self._post(messages))
            except _AwayError as error:
                pause = max(next(pauses, pause), error.wait_s)
                if time.monotonic() + pause > give_up:
                    raise EndpointError("The endpoint does not answer", f"{self._shown()}: {error}") from error
                self._on_wait(f"{self._shown()}: {error}; trying again in {math.ceil(pause)} s")
                self._stopped.wait(pause)
        raise EndpointError("Stopped", "the request was given up")

    def stop(self) -> None:
        """Let every waiting request end now."""
        self._stopped.set()

    def _shown(self) -> str:
        """The address without what may be secret in it."""
        parts = urlsplit(self._address)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"

    def _post(self, messages: Messages) -> bytes:
        request = urllib.request.Request(self._address, data=self._body(messages), method="POST")
        request.add_header("Content-Type", "application/json")
        request.add_header("User-Agent", "courtside")
        if self.settings.key:
            request.add_header("Authorization", f"Bearer {self.settings.key}")
        try:
            with self._opener.open(request, timeout=self.settings.timeout_s) as answer:
                return answer.read(MOST_BYTES)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from error
        except (OSError, http.client.HTTPException) as error:
            raise _AwayError(_why(error)) from error

    def _body(self, messages: Messages) -> bytes:
        settings = self.settings
        body: dict[str, Any] = {"model": settings.model, "messages": list(messages)}
        body["temperature"] = settings.temperature
        optional = {"seed": settings.seed, "max_tokens": settings.max_tokens}
        body.update({name: value for name, value in optional.items() if value is not None})
        return json.dumps(body).encode()

    def _refused(self, error: urllib.error.HTTPError) -> Exception:
        said = _error_text(error.read(1 << 16))
        if error.code in TEMPORARY:
            return _AwayError(f"HTTP {error.code}{said}", _retry_after(error.headers.get("Retry-After")))
        advice = {401: "; is the key right?", 403: "; is the key right?", 404: "; are address and model right?"}
        return EndpointError(
            "The endpoint refuses", f"{self._shown()}: HTTP {error.code}{said}{advice.get(error.code, '')}"
        )


class _AwayError(Exception):
    """The endpoint may answer later, after `wait_s` at the earliest."""

    def __init__(self, message: str, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A key goes to the address that was given and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _why(error: Exception) -> str:
    inner = getattr(error, "reason", error)
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    return " ".join(str(getattr(inner, "strerror", None) or inner or type(error).__name__).split())


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
