"""Samples into packs: how many, in which order, and with what moved to where."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer

from core.train.sft.pack import pack, packed
from tests.core.train.sft.test_sft_model import samples


def test_packs_hold_as_much_as_they_may(data: Path, model_path: Path, tokenizer: Tokenizer) -> None:
    parts = samples(data, model_path, tokenizer)
    first, second, third = (len(one.text.ids) for one in parts)
    assert [one.lengths for one in packed(parts, first + second)] == [(first, second), (third,)]
    assert [one.lengths for one in packed(parts, 1)] == [(first,), (second,), (third,)]


def test_places_point_into_the_pack(data: Path, model_path: Path, tokenizer: Tokenizer) -> None:
    parts = samples(data, model_path, tokenizer)
    whole = pack(parts)
    pad = tokenizer.token_to_id("<|video_pad|>")
    assert (whole.ids[whole.visual] == pad).all()
    assert len(whole.visual) == int((whole.ids == pad).sum())
    torch.testing.assert_close(whole.ids[whole.answer_at + 1], whole.answer_ids)
    assert not whole.without_weight().weight.any()
