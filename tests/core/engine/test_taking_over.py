"""The words of one stream in the context of another one, with the same tokenizer and with another."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from core.config import resolve
from core.engine.engine import Engine
from core.engine.host import ignore_progress
from core.engine.loading import load_engine
from core.messages import Restore, TextMemory
from core.types import Chunk
from tests.parity.checkpoints import frames, write_checkpoint

SAID = TextMemory((), 0, 3, 3.0, " Harbour win it back and they break down the left")
GIVEN = {"device": "cpu", "size": (84, 56), "greedy": True, "max_new_tokens": 2, "context": "Harbour v Union"}


@pytest.fixture(params=["bundled", "other"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    shape = {"layers": 1, "hidden": 32, "vision_layers": 1, "tied": True}
    model = "" if request.param == "bundled" else str(write_checkpoint(tmp_path / "other", 4, **shape))
    return load_engine(resolve({**GIVEN, "model": model or None, "fps": 2.0}), ignore_progress, threading.Event())


def after_a_round(engine: Engine, memory: TextMemory) -> TextMemory:
    engine.apply(Restore(memory, own_context=True))
    list(engine.step(Chunk(0, 0.0, 1.0, tuple(frames(0, 2, (56, 84), 9)), 0.0)))
    return engine.context.text_memory(engine.round, 1.0)


def test_words_without_ids_of_ones_own_are_encoded_behind_the_context(engine: Engine) -> None:
    memory = after_a_round(engine, replace(SAID, previous_text=(999_999,)))
    context = engine.template.encode("Harbour v Union")
    assert memory.context_tokens == len(context)
    assert memory.previous_text[: len(context)] == context
    assert memory.words.startswith(SAID.words)


def test_ids_that_say_the_same_are_taken_as_they_are(engine: Engine) -> None:
    ids = tuple(token for word in (" Harbour", " win", " it", " back") for token in engine.template.encode(word))
    words = engine.template.tokenizer.decode(list(ids), skip_special_tokens=False)
    memory = after_a_round(engine, TextMemory((5, 6, 7, *ids), 3, 3, 3.0, words))
    assert memory.previous_text[memory.context_tokens :][: len(ids)] == ids


def test_of_more_than_the_window_holds_the_last_are_kept(engine: Engine) -> None:
    long = "".join(f" word{number}" for number in range(4000))
    memory = after_a_round(engine, replace(SAID, words=long))
    window = engine.context.windows.text_window_tokens
    assert len(memory.previous_text) <= memory.context_tokens + window + 2
    assert "word3999" in memory.words
    assert "word1 " not in memory.words
