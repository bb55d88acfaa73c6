"""A context above the limit is cut and told; a question above it is refused."""

from __future__ import annotations

import pytest
import torch

from core.config import CONTEXT_LIMIT_TOKENS, QUESTION_LIMIT_TOKENS, StreamConfig
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.errors import UsageError
from core.messages import Ask, Failure, Message, Steer
from core.model.checkpoint import Checkpoint
from core.types import Chunk
from tests.parity.checkpoints import frames

CPU = torch.device("cpu")


def long_text(tokens: int) -> str:
    return " ".join(f"{n}" for n in range(tokens))


def step(engine: Engine) -> list[Message]:
    n = engine.round
    said: list[Message] = list(engine.step(Chunk(n, float(n), n + 1.0, frames(n, 2, (56, 84), 3), 0.0)))
    check_integrity(engine.context)
    return said


def previous_text(engine: Engine) -> tuple[int, ...]:
    return engine.context.ledger.spans[2].tokens


def test_a_context_above_the_limit_keeps_sink_and_window_and_says_so_once(checkpoint: Checkpoint) -> None:
    text = long_text(3 * CONTEXT_LIMIT_TOKENS)
    engine = Engine(checkpoint, StreamConfig(size="native", context=text), CPU)
    whole = engine.template.encode(text)
    assert len(whole) > CONTEXT_LIMIT_TOKENS
    assert previous_text(engine) == whole[:512] + whole[-512:]
    notices = [message for message in step(engine) if isinstance(message, Failure)]
    assert [(notice.title, notice.fatal) for notice in notices] == [("Context shortened", False)]
    assert f"{len(whole) - CONTEXT_LIMIT_TOKENS:,} tokens" in notices[0].message
    assert not any(isinstance(message, Failure) for message in step(engine))


def test_one_below_it_is_read_whole_before_it_is_trimmed(checkpoint: Checkpoint) -> None:
    text = long_text(600)
    engine = Engine(checkpoint, StreamConfig(size="native", context=text), CPU)
    whole = engine.template.encode(text)
    assert 1024 < len(whole) <= CONTEXT_LIMIT_TOKENS
    assert not any(isinstance(message, Failure) for message in step(engine))
    assert previous_text(engine) == whole
    step(engine)
    assert len(previous_text(engine)) == 1024


def test_a_context_sent_later_is_cut_likewise(checkpoint: Checkpoint) -> None:
    engine = Engine(checkpoint, StreamConfig(size="native", context="Harbour v Union"), CPU)
    step(engine)
    engine.apply(Steer(context="x" * 10_000_000))
    assert len(previous_text(engine)) <= 1024
    assert [m.title for m in step(engine) if isinstance(m, Failure)] == ["Context shortened"]


@pytest.mark.parametrize("text", [long_text(QUESTION_LIMIT_TOKENS), "x" * 10_000_000])
def test_a_question_above_the_limit_is_refused(checkpoint: Checkpoint, text: str) -> None:
    engine = Engine(checkpoint, StreamConfig(size="native"), CPU)
    for command in (Ask(text), Steer(query=text)):
        with pytest.raises(UsageError, match=r"Question too long.*at most 256"):
            engine.apply(command)
    with pytest.raises(UsageError, match="Question too long"):
        Engine(checkpoint, StreamConfig(size="native", query=text), CPU)
