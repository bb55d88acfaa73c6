"""The schedule of a run: warm-up, cosine, and an average that forgets the random start."""

from __future__ import annotations

import pytest

from core.train.train_config import TrainConfig


def test_the_rate_rises_to_its_peak_and_falls_to_nothing() -> None:
    config = TrainConfig(steps=1000, warmup=100, peak=1.0)
    rates = [config.learning_rate(step, 0.0) for step in range(1001)]
    assert rates[0] == pytest.approx(0.01)
    assert max(rates) == pytest.approx(0.97, abs=0.02)
    assert rates[:90] == sorted(rates[:90])
    assert rates[150:] == sorted(rates[150:], reverse=True)
    assert rates[-1] == pytest.approx(0.0)


def test_a_budget_in_minutes_counts_training_time() -> None:
    config = TrainConfig(minutes=2.0)
    assert config.progress(10**6, 60.0) == 0.5
    assert config.progress(0, 500.0) == 1.0


def test_the_average_is_short_at_first() -> None:
    config = TrainConfig(steps=10)
    assert config.decay(0) == 0.1
    assert config.decay(10**6) == config.ema
