"""A stream that is quick and says what it is told to, for tests of the application as a whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np

from app.bridge.stream import Stream
from app.capture.source import CaptureExclusions
from app.outputs.fanout import Fanout
from app.settings import Settings
from core.config import StreamConfig
from core.messages import Ask, Command, Line, Message, Piece, Ready, Stats
from core.types import Chunk, Frame

SAID = ("Harbour win it back", "", "and they break down the left")


class Pitch:
    """A live source of green pictures, thirty a second."""

    name = "pitch"
    context = "Harbour (orange) v Union (blue)"
    live = True
    warning = ""

    def __init__(self) -> None:
        self._interrupted = threading.Event()
        self._count = 0

    def open(self) -> None:
        pass

    def read(self) -> Frame | None:
        if self._interrupted.wait(1 / 30):
            return None
        self._count += 1
        picture = np.full((90, 160, 3), (20, 120 + self._count % 60, 40), np.uint8)
        return Frame(picture, time.monotonic(), self._count / 30)

    def interrupt(self) -> None:
        self._interrupted.set()

    def close(self) -> None:
        pass


class Commentator:
    """A host that says what it is told to, and answers questions."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self.heard: list[Command] = []
        self._questions: list[str] = []

    def interrupt(self) -> None:
        pass

    def start(self, on_progress: object = None) -> Ready:
        return Ready("scripted", "cpu", "float32", 1, 0.0)

    def prepare_shapes(self, picture: object) -> None:
        pass

    def prefill_ahead(self, partial: Chunk) -> tuple[()]:
        return ()

    def step(self, chunk: Chunk) -> Iterator[Message]:
        if self._error is not None:
            raise self._error
        text = f"Answer to {self._questions.pop(0)}" if self._questions else SAID[chunk.index % len(SAID)]
        for number, word in enumerate(text.split()):
            yield Piece(chunk.index, word if number == 0 else f" {word}")
        yield Line(chunk.index, chunk.start, chunk.end, text, chunk.captured_at, time.monotonic())
        yield Stats(chunk.index, 0.1, 0.05, 0, 0, 0, 0.05, 5, 900, 4_200_000, 9.0, 640_000_000, 0)

    def send(self, command: Command) -> None:
        self.heard.append(command)
        if isinstance(command, Ask):
            self._questions.append(command.text)

    def close(self) -> None:
        pass


def scripted(error: Exception | None = None) -> Callable[..., Stream]:
    def build(settings: Settings, exclusions: CaptureExclusions, outputs: Fanout) -> Stream:
        config = StreamConfig(fps=10, chunk_s=0.2)
        return Stream(Pitch(), Commentator(error), config, on_message=outputs.handle)

    return build


def failing(error: Exception) -> Callable[..., Stream]:
    def build(*_: object) -> Stream:
        raise error

    return build
