"""Which embeddings are pending, and which tokens get raw keys."""

from __future__ import annotations

import torch

from core.engine.vision_embeddings import VisionEmbeddings
from core.prompt.ledger import Ledger, Span, SpanKind

OPENING = Span(SpanKind.SYSTEM, (1, 2, 3))


def vision(round_: int, tokens: int) -> Span:
    return Span(SpanKind.VISION, (8, *(9,) * tokens, 10), round_, (1, 1, tokens))


def test_only_embeddings_of_tokens_without_keys_are_pending() -> None:
    ledger = Ledger([OPENING, vision(0, 2), vision(1, 4)])
    embeddings = VisionEmbeddings(keep_all=True, has_raw_keys=False)
    first = torch.rand(2, 3)
    second = torch.rand(4, 3)
    embeddings.store(0, first, ledger)
    embeddings.store(1, second, ledger)
    found = embeddings.pending(ledger)
    assert [offset for offset, _ in found] == [4, 8]
    assert torch.equal(found[1][1], second)
    ledger.cached = 10  # the opening, round 0, a marker and two tokens of round 1
    ((offset, rest),) = embeddings.pending(ledger)
    assert offset == 0
    assert torch.equal(rest, second[2:])


def test_embeddings_stay_only_where_keys_are_recomputed() -> None:
    ledger = Ledger([OPENING, vision(1, 4)])  # round 0 was evicted
    for keep_all, kept in ((True, {1, 2}), (False, {2})):
        embeddings = VisionEmbeddings(keep_all, has_raw_keys=False)
        for round_ in range(3):
            embeddings.store(round_, torch.rand(4, 3), ledger)
        assert set(embeddings.by_round) == kept


def test_text_has_raw_keys_and_pictures_have_them_where_they_move() -> None:
    pending = [(1, torch.rand(2, 3)), (5, torch.rand(1, 3))]
    found = VisionEmbeddings(keep_all=False, has_raw_keys=False).raw_key_tokens(7, pending)
    assert found is not None
    assert found.tolist() == [0, 3, 4, 6]
    assert VisionEmbeddings(keep_all=False, has_raw_keys=True).raw_key_tokens(7, pending) is None
    assert VisionEmbeddings(keep_all=False, has_raw_keys=False).raw_key_tokens(7, []) is None
