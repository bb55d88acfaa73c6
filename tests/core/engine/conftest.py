"""A small random checkpoint that the engine's tests share."""

from __future__ import annotations

import pytest
import torch

from core.model.checkpoint import Checkpoint, load
from tests.parity.checkpoints import write_checkpoint


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """Two layers, random weights, float32 on the CPU."""
    path = write_checkpoint(tmp_path_factory.mktemp("model"), 4, layers=2, vision_layers=2)
    return load(path, torch.device("cpu"), torch.float32)
