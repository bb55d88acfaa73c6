"""Recall tasks ask for what stands in their own text: names beside the colour just said, scores counted on."""

from __future__ import annotations

import re

import pytest
import torch
from tokenizers import Tokenizer

from core.train.chunk_encoder import ChunkEncoder
from core.train.football.recall_task import TOKENS, RecallBatch, RecallTask
from core.train.football.tokenizer_corpus import corpus
from core.train.tokenizer import train_tokenizer
from core.train.train_config import TrainConfig

ROUND = "<|im_end|>\n<|im_start|>user"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer(corpus(fixtures=300))


@pytest.fixture(scope="module")
def recall_batch(tokenizer: Tokenizer) -> RecallBatch:
    return RecallTask(ChunkEncoder(tokenizer, TrainConfig()), 0, 0, torch.device("cpu")).batch(24)


def text(tokenizer: Tokenizer, ids: torch.Tensor) -> str:
    length = int(ids.nonzero().max()) + 1
    return tokenizer.decode(ids[:length].tolist(), skip_special_tokens=False)


def test_every_name_asked_for_can_be_read_off_the_context(recall_batch: RecallBatch, tokenizer: Tokenizer) -> None:
    assert recall_batch.ids.shape == (24, TOKENS)
    for row in recall_batch.ids:
        context, _, rounds = text(tokenizer, row).partition(ROUND)
        found = re.findall(r"In (\w+), (\w+)", rounds)
        assert found
        for colour, team in found:
            assert f"In {colour}, {team}" in context
        for team, keeper in re.findall(r"(\w+) keeper (\w+) saves", rounds):
            assert f"{team} keeper {keeper}" in context


def test_goals_are_counted_on(recall_batch: RecallBatch, tokenizer: Tokenizer) -> None:
    goals = 0
    counting = [row for number, row in enumerate(recall_batch.ids) if number % 3]
    for row in counting:
        context, _, rounds = text(tokenizer, row).partition(ROUND)
        score = dict(re.findall(r"(\w+) (\d+)[,.]", context))
        for team, what, told in re.findall(r"In \w+, (\w+) ([a-z].*?)[.!] (\w+ \d+, \w+ \d+)\.", rounds):
            scored = any(word in what for word in ("score", "net", "goal"))
            goals += scored
            score[team] = str(int(score[team]) + scored)
            assert told == ", ".join(f"{name} {score[name]}" for name, _ in re.findall(r"(\w+) (\d+)", told))
    assert goals > 16


def test_the_places_are_in_front_of_the_answers(recall_batch: RecallBatch) -> None:
    assert torch.equal(recall_batch.ids.flatten()[recall_batch.at + 1], recall_batch.answers)
    assert len(recall_batch.answers) >= 2 * 24


def test_positions_only_grow_and_leave_room_for_pictures(recall_batch: RecallBatch) -> None:
    for row in range(8):
        length = int(recall_batch.ids[row].nonzero().max()) + 1
        steps = recall_batch.positions[0, row, 1:length].diff()
        assert (steps >= 1).all()
        assert steps.max() > 1
    assert torch.equal(recall_batch.positions[0], recall_batch.positions[2])
