"""Tokens drawn without sorting come as often as they should."""

from __future__ import annotations

import pytest
import torch

from core.engine.sampler import nucleus, penalised

pytestmark = pytest.mark.gpu


def test_draws_come_from_the_nucleus_as_often_as_they_should() -> None:
    from core.engine.backends.cuda.sample_top_p import TopPSampler

    logits = torch.randn(20_000, device="cuda") * 4
    likely = logits.argsort(descending=True)[:2]
    seen = [torch.zeros(20_000, dtype=torch.bool, device="cuda") for _ in range(2)]
    draw, again = (TopPSampler(known, 7) for known in seen)
    drawn = []
    for number in range(3000):
        for known in seen:
            known.zero_()
            known[likely] = True
        drawn.append(draw(logits, 0.7, 0.8, 1.3))
        assert number >= 50 or drawn[-1] == again(logits, 0.7, 0.8, 1.3)
        assert seen[0][drawn[-1]]
    probabilities = nucleus((penalised(logits, seen[1], 1.3) / 0.7).softmax(-1), 0.8)
    probabilities /= probabilities.sum()
    assert all(float(probabilities[token]) > 0 for token in drawn if token is not None)
    for token in probabilities.argsort(descending=True)[:3].tolist():
        share = float(probabilities[token])
        assert abs(drawn.count(token) / len(drawn) - share) < 4 * (share / len(drawn)) ** 0.5 + 1e-3
