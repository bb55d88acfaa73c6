"""The words of one stream in the context of another one, with the same tokenizer and with another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.config import resolve
from core.engine.host import InlineHost
from core.messages import Restore, TextMemory
from core.types import Chunk
from tests.parity.checkpoints import frames, write_checkpoint

SAID = TextMemory((), 0, 3, 3.0, " Harbour win it back and they break down the left")
GIVEN = {"device": "cpu", "size": (84, 56), "greedy": True, "max_new_tokens": 2, "context": "Harbour v Union"}


@pytest.fixture(params=["bundled", "other"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[InlineHost]:
    shape = {"layers": 1, "hidden": 32, "vision_layers": 1, "tied": True}
    model = "" if request.param == "bundled" else str(write_checkpoint(tmp_path / "other", 4, **shape))
    host = InlineHost(resolve({**GIVEN, "model": model or None, "fps": 2.0}))
    host.start()
    yield host
    host.close()


def after_a_round(host: InlineHost, memory: TextMemory) -> TextMemory:
    host.send(Restore(memory, own_context=True))
    list(host.step(Chunk(0, 0.0, 1.0, tuple(frames(0, 2, (56, 84), 9)), 0.0)))
    return host.text_memory(1.0)


def test_words_without_ids_of_ones_own_are_encoded_behind_the_context(host: InlineHost) -> None:
    engine = host._started_engine()
    memory = after_a_round(host, replace(SAID, previous_text=(999_999,)))
    context = engine.template.encode("Harbour v Union")
    assert memory.context_tokens == len(context)
    assert memory.previous_text[: len(context)] == context
    assert memory.words.startswith(SAID.words)


def test_ids_that_say_the_same_are_taken_as_they_are(host: InlineHost) -> None:
    engine = host._started_engine()
    ids = tuple(token for word in (" Harbour", " win", " it", " back") for token in engine.template.encode(word))
    words = engine.context._decoded(ids)
    memory = after_a_round(host, TextMemory((5, 6, 7, *ids), 3, 3, 3.0, words))
    assert memory.previous_text[memory.context_tokens :][: len(ids)] == ids


def test_of_more_than_the_window_holds_the_last_are_kept(host: InlineHost) -> None:
    engine = host._started_engine()
    long = "".join(f" word{number}" for number in range(4000))
    memory = after_a_round(host, replace(SAID, words=long))
    window = engine.context.windows.text_window_tokens
    assert len(memory.previous_text) <= memory.context_tokens + window + 2
    assert "word3999" in memory.words
    assert "word1 " not in memory.words
