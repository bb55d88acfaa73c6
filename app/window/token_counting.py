"""How many tokens the texts have that somebody types, against what the model reads of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.window.reader import Reader
from core.config import QUESTION_LIMIT_TOKENS, CacheConfig, StreamConfig, resolve
from core.errors import CourtsideError
from core.model.token_counter import TokenCounter

SETTLED_MS = 150
"""After the last key: counting waits for a break in typing."""


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Tokens of each text by its name, and the limits of the model they go to."""

    tokens: dict[str, int]
    cache: CacheConfig

    def limit_of(self, name: str) -> int:
        """Most tokens that are read of the context, or of any other text."""
        return self.cache.context_limit_tokens if name == "context" else QUESTION_LIMIT_TOKENS


class TokenCounting(QObject):
    """Counts in a thread of its own with the tokenizer of the model that is going to read the texts.

    Signals:
        counted: TokenCounts; of no texts where the model has not been fetched, so that nobody can count.
    """

    counted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._model = ""
        self._texts: dict[str, str] = {}
        self._counters: dict[str, TokenCounter | None] = {}  # of the reader's thread
        self._reader = Reader(self._count, self)
        self._reader.read.connect(self.counted)
        self._settled = QTimer(self, interval=SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self._reader.start)

    def set_model(self, model: str) -> None:
        """Which `--model` reads the texts; "" is the bundled one."""
        with self._lock:
            self._model = model
        self._settled.start()

    def set_text(self, name: str, text: str) -> None:
        """name: "context", "request" or "question"."""
        with self._lock:
            self._texts[name] = text
        self._settled.start()

    def close(self) -> None:
        """Waits until nothing is counted any more."""
        self._settled.stop()
        self._reader.join()

    def _count(self) -> TokenCounts:
        with self._lock:
            model = self._model
            texts = dict(self._texts)
        try:
            cache = resolve({"model": model}).cache
            if model not in self._counters:
                self._counters = {model: TokenCounter.of_model(model)}
        except CourtsideError:  # told at the start of a stream with it
            return TokenCounts({}, StreamConfig().cache)
        counter = self._counters[model]
        if counter is None:
            del self._counters[model]  # it may be fetched by the next time
            return TokenCounts({}, cache)
        return TokenCounts({name: counter.count(text) for name, text in texts.items()}, cache)
