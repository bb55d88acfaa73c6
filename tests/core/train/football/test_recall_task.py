"""Recall tasks ask for what stands in their own text: names beside the colour just said, scores counted on."""

from __future__ import annotations

import re

import pytest
import torch
from tokenizers import Tokenizer

from core.programmes.football.fixture import COLOURS, SURNAMES, TEAMS
from core.train.chunk_encoder import ChunkEncoder
from core.train.football.recall_task import TOKENS, RecallBatch, RecallTask
from core.train.football.tokenizer_corpus import corpus
from core.train.tokenizer import train_tokenizer
from core.train.train_config import TrainConfig

COLOUR = "|".join([*COLOURS, *(colour.capitalize() for colour in COLOURS)])
TEAM = "|".join(TEAMS)
SCORE = rf"(?:{TEAM}) (\d+), (?:{TEAM}) (\d+)"
NAME = re.compile("|".join((*TEAMS, *SURNAMES)))
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


def asked_in(recall_batch: RecallBatch, tokenizer: Tokenizer, row: int) -> str:
    """What a text asks for, in order."""
    places = recall_batch.at + 1
    mine = places[(places >= row * TOKENS) & (places < (row + 1) * TOKENS)]
    return str(tokenizer.decode(recall_batch.ids.flatten()[mine].tolist()))


def test_every_name_asked_for_stands_in_the_context(recall_batch: RecallBatch, tokenizer: Tokenizer) -> None:
    assert recall_batch.ids.shape == (24, TOKENS)
    for number, row in enumerate(recall_batch.ids):
        context, _, rounds = text(tokenizer, row).partition(ROUND)
        names = NAME.findall(asked_in(recall_batch, tokenizer, number))
        assert names
        assert all(name in context for name in names)
        for team, keeper in re.findall(r"(\w+) keeper (\w+) saves", rounds):
            assert f"{team} keeper {keeper}" in context


def test_names_come_behind_the_colour_they_belong_to(recall_batch: RecallBatch, tokenizer: Tokenizer) -> None:
    for row in recall_batch.ids:
        context, _, rounds = text(tokenizer, row).partition(ROUND)
        bound = {(c.lower(), t) for c, t in re.findall(rf"({COLOUR}),? ({TEAM})", context)}
        found = {(c.lower(), t) for c, t in re.findall(rf"({COLOUR}),? ({TEAM})", rounds)}
        assert found <= bound


def test_goals_are_counted_on_and_a_new_match_begins_at_nothing(
    recall_batch: RecallBatch, tokenizer: Tokenizer
) -> None:
    goals = 0
    begun = 0
    for row in (row for number, row in enumerate(recall_batch.ids) if number % 3):
        context, _, rounds = text(tokenizer, row).partition(ROUND)
        score = [(int(a), int(b)) for a, b in re.findall(SCORE, context)][-1]
        for turn in rounds.split("assistant\n")[1:]:
            for a, b in re.findall(SCORE, turn):
                counted = int(a) + int(b) - sum(score)
                scored = "!" in turn.split(".")[0] and counted == 1
                new = "ew match" in turn
                assert scored or counted == 0 or (new and a == b == "0"), (score, turn)
                goals += scored
                begun += new
                score = int(a), int(b)
    assert goals > 10
    assert begun > 0


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


def test_what_a_goal_means_and_who_has_won_is_asked_for(tokenizer: Tokenizer) -> None:
    batch = RecallTask(ChunkEncoder(tokenizer, TrainConfig()), 0, 0, torch.device("cpu")).batch(60)
    asked = " ".join(asked_in(batch, tokenizer, number) for number in range(60))
    for words in ("level again", "take the lead", "Two in a row", "win it", "All level at full time"):
        assert words in asked
    assert "kick off" not in asked
    assert "corner" not in asked
