"""Answers of chat endpoints on the disk, by what was asked: nothing is paid for twice."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from contextlib import suppress
from pathlib import Path

from core.chat.endpoint import ChatEndpoint, Messages, Reply
from core.errors import EndpointError


class ReplyCache:
    """A folder of answers.

    Attributes:
        folder: where they lie, one file an answer, named by the hash of model, settings and messages.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, endpoint: ChatEndpoint, messages: Messages) -> Reply | None:
        """The answer kept, or None."""
        try:
            found = json.loads(self._path(endpoint, messages).read_bytes())
            return Reply(found["text"], found["prompt_tokens"], found["completion_tokens"])
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def put(self, endpoint: ChatEndpoint, messages: Messages, reply: Reply) -> None:
        """Keep an answer, whole or not at all. Raises EndpointError."""
        path = self._path(endpoint, messages)
        entry = {"model": endpoint.settings.model, "text": reply.text}
        counts = {"prompt_tokens": reply.prompt_tokens, "completion_tokens": reply.completion_tokens}
        part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(entry | counts), "utf-8")
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise EndpointError("Cannot keep the answers", f"{path}: {error.strerror or error}") from error

    def _path(self, endpoint: ChatEndpoint, messages: Messages) -> Path:
        settings = endpoint.settings
        asked = [settings.model, settings.temperature, settings.seed, settings.max_tokens, list(messages)]
        name = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        return self.folder / name[:2] / f"{name}.json"
