"""The learning rate over a budget, and pixels of a frame."""

from __future__ import annotations

from itertools import pairwise

import pytest

from core.train.sft.sft_config import PixelBudget, SftConfig


def test_the_rate_rises_then_falls_to_nothing() -> None:
    config = SftConfig(learning_rate=1.0, warmup=0.1)
    rates = [config.learning_rate_at(config.progress(step, 0.0, 100), 0.01) for step in range(100)]
    assert rates[:3] == pytest.approx([0.1, 0.2, 0.3])
    assert max(rates) == pytest.approx(1.0)
    assert rates.index(max(rates)) in (9, 10)
    assert rates[-1] < 1e-3
    assert all(a >= b for a, b in pairwise(rates[10:]))


def test_a_budget_in_minutes_goes_by_time() -> None:
    config = SftConfig(minutes=2.0)
    assert config.progress(5, 60.0, 0) == 0.5
    assert config.progress(5, 500.0, 0) == 1.0
    assert config.learning_rate_at(0.0, 0.0) > 0


def test_frames_of_long_samples_are_smaller() -> None:
    pixels = PixelBudget()
    assert pixels.of_frame(48, 2) == 768 * 784
    assert pixels.of_frame(128, 2) == 24576 * 784 // 128 * 2
    assert pixels.of_frame(480, 2) >= 100 * 784
