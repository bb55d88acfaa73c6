"""The planted heads find the name beside a colour, whatever the rest of the model is like."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer

from core.programmes.football.fixture import Fixture
from core.train.bundled_config import TINY, ModelSize, model_config
from core.train.chunk_encoder import ChunkEncoder
from core.train.football.recall_task import RecallTask
from core.train.init_induction_heads import init_induction_heads
from core.train.train_model import TrainModel

FIXTURES = 40
FAR = 700  # positions between the context and the question


def right(model: TrainModel, encoder: ChunkEncoder) -> float:
    """Share of fixtures in which, behind a team's colour, its name is likelier than the other's: of those whose context
    tells them in the same words."""
    encode = encoder.template.encode
    found = 0
    fixtures = [
        fixture for fixture in map(Fixture, range(2 * FIXTURES)) if f"In {fixture.colours[0]}, " in fixture.context()
    ]
    for seed, fixture in enumerate(fixtures[:FIXTURES]):
        team = seed % 2
        context = [token for span in encoder.template.opening(fixture.context()) for token in span.tokens]
        ids = torch.tensor([*context, *encode("user\nTime=7.0-8.0s"), *encode(f" In {fixture.colours[team]},")])
        places = torch.arange(float(len(ids)))
        places[len(context) :] += FAR * (seed % 3) / 2
        hidden = model.causal_hidden_states(model.decoder.embed(ids[None]), places.expand(3, 1, -1))
        logits = model.logits(hidden)[0, -1]
        name, other = (encode(f" {fixture.names[side]}")[0] for side in (team, 1 - team))
        found += bool(logits[name] > logits[other])
    return found / FIXTURES


@torch.no_grad()
def test_names_are_looked_up_at_any_distance(tokenizer: Tokenizer, encoder: ChunkEncoder) -> None:
    model = TrainModel(model_config(ModelSize(), tokenizer))
    names = RecallTask(encoder, 0, 0, torch.device("cpu")).names()
    before = right(model, encoder)
    init_induction_heads(model, names)
    assert before < 0.8
    assert right(model, encoder) > 0.9


def test_a_tiny_model_has_room_for_the_heads(tokenizer: Tokenizer) -> None:
    model = TrainModel(model_config(TINY, tokenizer))
    init_induction_heads(model, [5, 6, 7, *range(100, 140)])
    assert all(weight.isfinite().all() for weight in model.parameters())
