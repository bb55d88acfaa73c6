"""Under a memory limit pixels are reduced first, then frames, then the vision window; never more than need be."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.config import StreamConfig
from core.engine.engine import Engine
from core.engine.memory import QUALITY_LEVELS, MemoryPlan, QualityLevel, RoundSize
from core.model.checkpoint import Checkpoint

TEXT = 100


@pytest.fixture(scope="module")
def engine(checkpoint: Checkpoint) -> Engine:
    return Engine(checkpoint, StreamConfig(size="native"), torch.device("cpu"))


def size_at(level: QualityLevel) -> RoundSize:
    """A large picture, so that every level needs blocks of its own."""
    return RoundSize(int(50_000 * level.pixels * level.frames), TEXT)


def needed(engine: Engine, level: QualityLevel) -> int:
    """Bytes of a full cache at a level."""
    return engine.memory.limit.bytes_for(engine.context.sizes.largest(size_at(level).vision_tokens, level.vision))


def test_without_a_limit_nothing_is_reduced(engine: Engine) -> None:
    engine.memory.set_limit(None)
    plan = engine.memory.plan(size_at)
    assert plan == MemoryPlan()
    assert plan.size == size_at(QualityLevel())
    assert str(plan) == "everything"


def test_pixels_go_before_frames_and_frames_before_the_window(engine: Engine) -> None:
    for before, after in pairwise(QUALITY_LEVELS):
        assert needed(engine, after) < needed(engine, before)
        if after.frames < 1:
            assert before.pixels == QUALITY_LEVELS[-1].pixels
        if after.vision < 1:
            assert before.frames == QUALITY_LEVELS[-1].frames


@given(st.floats(0, 1.2))
def test_the_best_level_that_fits(engine: Engine, share: float) -> None:
    limit = int(share * needed(engine, QUALITY_LEVELS[0]))
    engine.memory.set_limit(limit)
    plan = engine.memory.plan(size_at)
    better = QUALITY_LEVELS[: QUALITY_LEVELS.index(plan.level)]
    assert all(needed(engine, other) > limit for other in better)
    assert plan.size == size_at(plan.level)
    if needed(engine, plan.level) <= limit:
        assert plan.needs_bytes == 0
    else:
        assert plan.level == QUALITY_LEVELS[-1]
        assert plan.needs_bytes == needed(engine, plan.level)


def test_plans_of_rounds_of_another_size_are_equal() -> None:
    """Whether something changes is asked of plans: a longer question alone is no change."""
    plan = MemoryPlan(size=RoundSize(5, 6))
    assert plan == MemoryPlan()
    assert plan != replace(plan, evicting=True)
