"""Drills ask for what stands in their own text: names beside the colour just said, scores counted on."""

from __future__ import annotations

import re

import pytest
import torch
from tokenizers import Tokenizer

from core.train.corpus import corpus
from core.train.drill import TOKENS, Drill, Drills
from core.train.recipe import Recipe
from core.train.tokenizer import train_tokenizer
from core.train.transcript import Scribe

ROUND = "<|im_end|>\n<|im_start|>user"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer(corpus(fixtures=300))


@pytest.fixture(scope="module")
def drill(tokenizer: Tokenizer) -> Drill:
    return Drills(Scribe(tokenizer, Recipe()), 0, 0, torch.device("cpu")).batch(24)


def text(tokenizer: Tokenizer, ids: torch.Tensor) -> str:
    length = int(ids.nonzero().max()) + 1
    return tokenizer.decode(ids[:length].tolist(), skip_special_tokens=False)


def test_every_name_asked_for_can_be_read_off_the_context(drill: Drill, tokenizer: Tokenizer) -> None:
    assert drill.ids.shape == (24, TOKENS)
    for row in drill.ids:
        context, _, rounds = text(tokenizer, row).partition(ROUND)
        found = re.findall(r"In (\w+), (\w+)", rounds)
        assert found
        for colour, team in found:
            assert f"In {colour}, {team}" in context
        for team, keeper in re.findall(r"(\w+) keeper (\w+) saves", rounds):
            assert f"{team} keeper {keeper}" in context


def test_goals_are_counted_on(drill: Drill, tokenizer: Tokenizer) -> None:
    goals = 0
    counting = [row for number, row in enumerate(drill.ids) if number % 3]
    for row in counting:
        context, _, rounds = text(tokenizer, row).partition(ROUND)
        score = dict(re.findall(r"(\w+) (\d+)[,.]", context))
        for team, what, told in re.findall(r"In \w+, (\w+) ([a-z].*?)[.!] (\w+ \d+, \w+ \d+)\.", rounds):
            scored = any(word in what for word in ("score", "net", "goal"))
            goals += scored
            score[team] = str(int(score[team]) + scored)
            assert told == ", ".join(f"{name} {score[name]}" for name, _ in re.findall(r"(\w+) (\d+)", told))
    assert goals > 16


def test_the_places_are_in_front_of_the_answers(drill: Drill) -> None:
    assert torch.equal(drill.ids.flatten()[drill.at + 1], drill.answers)
    assert len(drill.answers) >= 2 * 24


def test_positions_only_grow_and_leave_room_for_pictures(drill: Drill) -> None:
    for row in range(8):
        length = int(drill.ids[row].nonzero().max()) + 1
        steps = drill.positions[0, row, 1:length].diff()
        assert (steps >= 1).all()
        assert steps.max() > 1
    assert torch.equal(drill.positions[0], drill.positions[2])
