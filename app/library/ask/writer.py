"""Whoever writes sentences about lines: a model in this machine's engine, or an OpenAI-compatible endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from core.assets import BUNDLED
from core.chat.endpoint import ChatEndpoint
from core.config import StreamConfig
from core.errors import EngineError, UsageError
from core.messages import Ask, Failure, Line, Restore, Steer, TextMemory
from core.model.hub import stream_config
from core.model.token_counter import TokenCounter
from core.paths import user_path
from core.types import Chunk

if TYPE_CHECKING:
    from core.engine.host import Host

INSTRUCTION = "The text before this are lines of a live commentary, each with its time. Use nothing but these lines."
SUMMARY = "Summarise them in a few short sentences."
ANSWER = "Answer in a few short sentences: "
ENDPOINT_TOKENS = 3000
"""Of lines in one request, at four characters a token."""
CHARACTERS_PER_TOKEN = 4
NEW_TOKENS = 160
PICTURE = (112, 112, 3)
"""An engine has no round without a picture: a grey one stands for none."""


def is_bundled(model: str) -> bool:
    """Whether that is the bundled checkpoint, which knows its programmes and nothing else."""
    return not model or user_path(model).absolute() == BUNDLED


class Writer(Protocol):
    """Asked about one chunk of lines after another.

    Attributes:
        name: of the model, for people.
    """

    name: str

    def fits(self, text: str) -> bool:
        """Whether so much text may be given at once."""
        ...

    def write(self, lines: str, question: str) -> str:
        """Sentences about `lines`, an answer where something is asked. Raises CourtsideError."""
        ...


class EndpointWriter:
    """Asks a chat endpoint."""

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.name = endpoint.settings.model
        self._endpoint = endpoint

    def fits(self, text: str) -> bool:
        return len(text) <= CHARACTERS_PER_TOKEN * ENDPOINT_TOKENS

    def write(self, lines: str, question: str) -> str:
        asked = f"{INSTRUCTION} {ANSWER}{question}" if question else f"{INSTRUCTION} {SUMMARY}"
        return self._endpoint.ask([{"role": "system", "content": asked}, {"role": "user", "content": lines}]).text


class ModelWriter:
    """Asks a model in the engine: the lines are `previous text`, the question stands in the round's user turn."""

    def __init__(self, model: str, host_of: Callable[[StreamConfig], Host]) -> None:
        """Loads it with the first question. `host_of`: makes the engine's host. Raises CheckpointError, UsageError."""
        if is_bundled(model):
            why = "leave it out, and the lines themselves are the answer"
            raise UsageError("The bundled model answers no questions", why)
        counter = TokenCounter.of_model(model)
        self.name = model
        self._counter = counter
        sampling = {"greedy": True, "max_new_tokens": NEW_TOKENS, "silence_threshold": 1.0, "words_per_minute": None}
        given = {"model": model, "query": "", "mode": "full", **sampling}
        self.config: StreamConfig = stream_config(given)
        self._host = host_of(self.config)
        self._rounds = 0

    def fits(self, text: str) -> bool:
        cache = self.config.cache
        most = cache.sink_tokens + cache.text_window_tokens
        tokens = len(text) / CHARACTERS_PER_TOKEN if self._counter is None else self._counter.count(text)
        return tokens <= most

    def write(self, lines: str, question: str) -> str:
        if not self._rounds:
            self._host.start()
        self._host.send(Restore(TextMemory((), 0, 0, 0.0)))
        asked = f"{INSTRUCTION} {ANSWER}{question}" if question else f"{INSTRUCTION} {SUMMARY}"
        self._host.send(Steer(context=lines))
        self._host.send(Ask(asked))
        return "".join(self._said())

    def close(self) -> None:
        self._host.close()

    def _said(self) -> Iterator[str]:
        import numpy as np

        frame = np.full(PICTURE, 128, np.uint8)
        start = self._rounds * self.config.chunk_s
        frames = (frame,) * self.config.frames_per_chunk()
        chunk = Chunk(self._rounds, start, start + self.config.chunk_s, frames, 0.0)
        self._rounds += 1
        for message in self._host.step(chunk):
            if isinstance(message, Line):
                yield message.text
            elif isinstance(message, Failure):
                raise EngineError(message.title, message.message)
