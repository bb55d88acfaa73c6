"""The engine behind one interface: in the caller's thread, or in a child process (`child_host.py`).

Both hosts behave alike: `start` loads (and downloads, reporting progress), `interrupt` ends that from any thread,
`prepare_shapes` reserves memory for frames of a size, `prefill_ahead` passes the frames there are of a chunk so that
less is left to do when it is complete (and returns what there is to tell: all of it has to be gone through), `step`
yields a round's messages and ends with its Stats, `send` may come from any thread between or during rounds, `close` is
final. Importing this module loads no torch.
"""

from __future__ import annotations

import contextlib
import gc
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

import numpy as np

from core.config import QUESTION_LIMIT_TOKENS, StreamConfig
from core.engine.device import uuid_of
from core.errors import EngineError, UsageError
from core.messages import Command, Failure, Loading, Message, Ready, TextMemory
from core.panics import panics_in_words
from core.types import Chunk

if TYPE_CHECKING:
    from core.engine.engine import Engine

ProgressCallback = Callable[[Loading | Failure], None]
"""Gets how far a start is, and what went wrong that did not end it."""
REMEDY = "choose a smaller model, a smaller size or a shorter window, or set a memory limit, and start again"


def ignore_progress(progress: Loading | Failure) -> None:
    """For callers that do not show how far loading is."""


class Host(Protocol):
    """What a stream calls. The module's text says when, and from which threads."""

    def start(self, on_progress: ProgressCallback = ...) -> Ready: ...

    def interrupt(self) -> None: ...

    def prepare_shapes(self, frame: np.ndarray) -> None: ...

    def prefill_ahead(self, partial: Chunk) -> Iterable[Message]: ...

    def step(self, chunk: Chunk) -> Iterator[Message]: ...

    def send(self, command: Command) -> None: ...

    def close(self) -> None: ...


class InlineHost:
    """The engine in the thread that calls `start` and `step`."""

    def __init__(self, config: StreamConfig) -> None:
        self.config = config
        self._commands: deque[Command] = deque()
        self._engine: Engine | None = None
        self._interrupted = threading.Event()

    def start(self, on_progress: ProgressCallback = ignore_progress) -> Ready:
        """Load the checkpoint and warm up the kernels.

        Raises CheckpointError or UsageError; EngineError when interrupted, or as `step`.
        """
        begun = time.perf_counter()
        from core.engine.loading import load_engine  # loads torch

        with translated_errors():
            self._engine = engine = load_engine(self.config, on_progress, self._interrupted)
        gc.collect()
        gc.freeze()  # a collection of all that torch has loaded would delay a round by 40 ms now and then
        parameters = sum(p.numel() for p in engine.model.parameters())
        dtype = str(engine.dtype).removeprefix("torch.")
        return Ready(
            model=engine.checkpoint.name,
            device=str(engine.device),
            dtype=dtype,
            parameters=parameters,
            load_s=time.perf_counter() - begun,
            device_uuid=uuid_of(engine.device),
            backend=engine.runner.name,
            attention=engine.runner.attention.name,
            context_limit_tokens=self.config.cache.context_limit_tokens,
            question_limit_tokens=QUESTION_LIMIT_TOKENS,
        )

    def interrupt(self) -> None:
        """End a start early: between two pieces of a download, or before the weights are read."""
        self._interrupted.set()

    def prepare_shapes(self, frame: np.ndarray) -> None:
        """Reserve memory and compile kernels for such frames, (height, width, 3) uint8. Raises as `step`."""
        with translated_errors():
            self._started_engine().prepare_shapes(frame)

    def prefill_ahead(self, partial: Chunk) -> Iterable[Message]:
        """Prefill the frames of a chunk that is not complete, unless a command waits. Raises as `step`."""
        if not self._commands:
            with translated_errors():
                self._started_engine().prefill_ahead(partial)
        return ()

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round. A command with impossible settings yields a Failure and changes nothing.

        Raises EngineError when memory runs out or the device is lost.
        """
        engine = self._started_engine()
        with translated_errors():
            while self._commands:
                try:
                    engine.apply(self._commands.popleft())
                except UsageError as error:
                    yield Failure(error.title, error.message, fatal=False)
            yield from engine.step(chunk)

    def send(self, command: Command) -> None:
        """Queue a command; it takes effect with the next round. From any thread."""
        self._commands.append(command)

    def text_memory(self, now: float) -> TextMemory:
        """The words in the context at source second `now`, between rounds. Raises as `step`."""
        engine = self._started_engine()
        return engine.context.text_memory(engine.round, now)

    def close(self) -> None:
        """Release the engine."""
        self._engine = None
        gc.unfreeze()

    def _started_engine(self) -> Engine:
        if self._engine is None:
            raise EngineError("Engine not started", "call start() first")
        return self._engine


@contextlib.contextmanager
def translated_errors() -> Iterator[None]:
    """Translate errors of torch and Python to EngineError.

    Torch has an error type of its own for memory on a GPU only.
    """
    try:
        with panics_in_words(EngineError("Engine failed", "native code panicked; use another copy of the checkpoint")):
            yield
    except (RuntimeError, MemoryError) as error:
        said = str(error)
        if isinstance(error, MemoryError) or "out of memory" in said or "can't allocate memory" in said:
            raise EngineError("Out of memory", f"weights and cache do not fit; {REMEDY}") from error
        raise EngineError("Engine failed", f"{type(error).__name__}: {said}") from error
