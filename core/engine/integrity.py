"""Whether the parts of a context agree: for tests, and for whoever doubts them."""

from __future__ import annotations

import numpy as np

from core.cache.coverage import miscounted_rounds, uncovered_places
from core.engine.context import Context
from core.model.qwen2_5_vl.positions import contiguous_positions


def check_integrity(context: Context) -> None:
    """Raise AssertionError, with all the counts, when ledger, cache, positions and grids disagree."""
    ledger = context.ledger
    cache = context.cache
    positions = context.positions
    tokens = len(ledger)
    cached = ledger.cached
    known = positions.positions.shape[1]
    counts = (
        f"ledger {tokens} tokens of which {cached} cached, cache {cache.length} of {cache.capacity}, raw keys "
        f"{cache.raw_key_length} of {cache.raw_key_capacity}"
    )
    overfull = cache.length > cache.capacity or cache.raw_key_length > cache.raw_key_capacity
    if cached != cache.length or cached > tokens or overfull:
        raise AssertionError(f"ledger and cache disagree: {counts}")
    if known > tokens or positions.extended_to(tokens).shape[1] != tokens:
        raise AssertionError(f"ledger and positions disagree: {known} positions, {counts}")
    if odd := miscounted_rounds(ledger.spans):
        raise AssertionError(f"spans and their grids disagree in rounds {odd}: {counts}")
    wanted = contiguous_positions(ledger.spans)[:, :known]
    if positions.rebases and not np.allclose(positions.positions - positions.origin, wanted, rtol=0, atol=1e-6):
        raise AssertionError(f"positions are not contiguous: {counts}")
    if uncovered := uncovered_places(ledger.spans):
        raise AssertionError(f"{uncovered} places of the newest grid are shown by no token: {counts}")
