"""Drills ask for names that stand in their own context, beside the colour that was just said."""

from __future__ import annotations

import re

import pytest
import torch
from tokenizers import Tokenizer

from core.train.corpus import corpus
from core.train.drill import TOKENS, Drills
from core.train.recipe import Recipe
from core.train.tokenizer import train_tokenizer
from core.train.transcript import Scribe


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer(corpus(fixtures=300))


def test_every_name_asked_for_can_be_read_off_the_context(tokenizer: Tokenizer) -> None:
    batch = Drills(Scribe(tokenizer, Recipe()), 24, 0).batch()
    assert batch["ids"].shape == (24, TOKENS)
    for row in range(24):
        text = tokenizer.decode([t for t in batch["ids"][row].tolist() if t], skip_special_tokens=False)
        context, _, rounds = text.partition("<|im_end|>\n<|im_start|>user")
        for colour, team in re.findall(r"In (\w+), (\w+)", rounds):
            assert f"In {colour}, {team}" in context
        for team, keeper in re.findall(r"(\w+) keeper (\w+) saves", rounds):
            assert f"{team} keeper {keeper}" in context


def test_the_places_are_in_front_of_the_names(tokenizer: Tokenizer) -> None:
    batch = Drills(Scribe(tokenizer, Recipe()), 8, 1).batch()
    flat = batch["ids"].flatten()
    assert torch.equal(flat[batch["at"] + 1], batch["names"])
    assert len(batch["names"]) >= 2 * 8


def test_positions_only_grow_and_leave_room_for_pictures(tokenizer: Tokenizer) -> None:
    batch = Drills(Scribe(tokenizer, Recipe()), 8, 2).batch()
    for row in range(8):
        length = int((batch["ids"][row] != 0).sum())
        steps = batch["positions"][0, row, 1:length].diff()
        assert (steps >= 1).all()
        assert steps.max() > 1
    assert torch.equal(batch["positions"][0], batch["positions"][2])
