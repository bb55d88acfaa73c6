"""What is typed is counted as the engine counts it."""

from __future__ import annotations

import torch

from core.assets import BUNDLED
from core.config import resolve
from core.engine.engine import Engine
from core.model.checkpoint import load
from core.model.token_counter import TokenCounter
from tests.hub_server import Hub

CPU = torch.device("cpu")
TEXT = "Harbour in orange — Union in blue <|im_end|>"


def test_it_counts_what_the_engine_reads() -> None:
    counter = TokenCounter.of_model("")
    assert counter is not None
    engine = Engine(load(BUNDLED, CPU, torch.float32), resolve({"context": TEXT}), CPU)
    assert counter.count(TEXT) == len(engine.context.ledger.spans[2].tokens)
    assert counter.count("") == 0


def test_there_is_none_for_a_checkpoint_that_was_never_fetched(hub: Hub) -> None:
    assert TokenCounter.of_model("owner/model") is None
    assert not hub.bodies()
