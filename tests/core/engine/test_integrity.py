"""A context whose parts disagree is found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.config import SamplingConfig, StreamConfig
from core.engine.context import Context
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.model.checkpoint import Checkpoint
from core.prompt.ledger import SpanKind
from core.types import Chunk
from tests.parity.checkpoints import frames


def _loses_a_key(context: Context) -> None:
    context.ledger.cached -= 1


def _leaves_a_gap(context: Context) -> None:
    context.positions.positions[:, 5:] += 1


def _has_positions_too_many(context: Context) -> None:
    context.positions.append(np.zeros((3, len(context.ledger))))


def _loses_a_vision_token(context: Context) -> None:
    spans = context.ledger.spans
    number = next(number for number, span in enumerate(spans) if span.kind is SpanKind.VISION)
    spans[number] = replace(spans[number], kept=bytes(len(spans[number].tokens) - 2))


@pytest.mark.parametrize("damage", [_loses_a_key, _leaves_a_gap, _has_positions_too_many, _loses_a_vision_token])
def test_damage_is_found(checkpoint: Checkpoint, damage: Callable[[Context], None]) -> None:
    sampling = SamplingConfig(greedy=True, max_new_tokens=4)
    engine = Engine(checkpoint, StreamConfig(size="native", sampling=sampling), torch.device("cpu"))
    for n in range(3):
        list(engine.step(Chunk(n, float(n), n + 1.0, tuple(frames(n, 2, (56, 84), 3)), 0.0)))
    check_integrity(engine.context)
    damage(engine.context)
    with pytest.raises(AssertionError, match=r"disagree|contiguous"):
        check_integrity(engine.context)
