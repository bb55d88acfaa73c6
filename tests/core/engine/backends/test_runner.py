"""Chunked prefill: the same keys, values and logits as in one run, whatever the parts."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.config import StreamConfig
from core.engine.backends.runner import prefill_parts
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.model.checkpoint import Checkpoint
from core.types import Chunk
from tests.parity.checkpoints import frames

CPU = torch.device("cpu")


@given(st.integers(1, 3000), st.integers(1, 20), st.integers(1, 1024))
def test_parts_cover_all_tokens_and_the_last_one_has_the_logits(tokens: int, n_logits: int, most: int) -> None:
    n_logits = min(tokens, n_logits)
    parts = prefill_parts(tokens, n_logits, most)
    assert [n for part in parts for n in range(part.start, part.stop)] == list(range(tokens))
    assert parts[-1].stop - parts[-1].start >= n_logits
    assert all(part.stop - part.start < most + n_logits for part in parts)


def prefilled(checkpoint: Checkpoint, most: int) -> tuple[torch.Tensor, Engine]:
    """A turn with a picture behind a long context, prefilled in parts of `most` tokens."""
    words = "Harbour play in orange and Union in blue. " * 40
    engine = Engine(checkpoint, StreamConfig(size="native", context=words), CPU)
    engine.runner.max_prefill_tokens = most
    context = engine.context
    context.cache.reserve(context.size(1000))
    chunk = Chunk(0, 0.0, 1.0, frames(0, 2, (56, 84), 3), 0.0)
    with torch.inference_mode():
        grid, embeddings, _ = engine.vision_encoder.encode(chunk.frames, engine.memory.current.level)
        context.write_turn(chunk, 0, grid, "What now?")
        context.embeddings.store(0, embeddings, context.ledger)
        logits = engine.runner.prefill([7, 8, 9], limit=4)
    engine.runner.discard_last(3)
    check_integrity(engine.context)
    return logits, engine


@pytest.mark.parametrize("most", [1, 7, 64, 100])
def test_a_prefill_in_parts_gives_what_one_run_gives(checkpoint: Checkpoint, most: int) -> None:
    wanted, whole = prefilled(checkpoint, 10_000)
    logits, parts = prefilled(checkpoint, most)
    torch.testing.assert_close(logits, wanted, rtol=1e-3, atol=1e-3)
    tokens = whole.context.cache.length
    ours = parts.context.cache.tokens(0, tokens)
    theirs = whole.context.cache.tokens(0, tokens)
    assert (ours.has_raw_key == theirs.has_raw_key).all()
    for mine, other in ((ours.rotated, theirs.rotated), (ours.values, theirs.values), (ours.raw_keys, theirs.raw_keys)):
        torch.testing.assert_close(mine, other, rtol=1e-3, atol=1e-3)
