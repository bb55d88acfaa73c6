"""A small random checkpoint that the engine's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from core.model.checkpoint import Checkpoint, load
from tests.parity.checkpoints import write_checkpoint


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """A model this small gains nothing from a second one, and waits for it where others compute, too."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """Two layers, random weights, float32 on the CPU."""
    path = write_checkpoint(tmp_path_factory.mktemp("model"), 4, layers=2, vision_layers=2)
    return load(path, torch.device("cpu"), torch.float32)
