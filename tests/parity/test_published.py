"""Token for token equal to the published implementation, round by round (greedy, float32)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from core.config import CacheConfig, SamplingConfig, StreamConfig
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.messages import Line
from core.model.checkpoint import load
from core.types import Chunk
from tests.parity.checkpoints import TABLES, frames, write_checkpoint

CPU = torch.device("cpu")


def stream_config(case: dict, model: Path) -> StreamConfig:
    """The settings of a table. The published window counts the closing `<|im_end|>` among its tokens."""
    cache = CacheConfig(
        sink_tokens=case["sink"],
        text_window_tokens=case["window"] - 1,
        text_rounds=case["text_rounds"],
        vision_window_s=float(case["vision_rounds"]),
    )
    sampling = SamplingConfig(
        greedy=True, repetition_penalty=case["repetition_penalty"], max_new_tokens=case["max_new_tokens"]
    )
    return StreamConfig(
        model=str(model),
        device="cpu",
        fps=case["fps"],
        size="native",
        context=case["previous_text"],
        query=case["query"],
        cache=cache,
        sampling=sampling,
    )


@pytest.mark.parametrize("part_tokens", [None, 48])
@pytest.mark.parametrize("table", ["steady", "trimmed", "eight_fps"])
def test_table(table: str, part_tokens: int | None, tmp_path: Path) -> None:
    """In one run a turn, and prefilled in parts: a long context is read whole before it is trimmed, as published."""
    data = json.loads((TABLES / f"{table}.json").read_text())
    case = data["case"]
    path = write_checkpoint(tmp_path / "model", **data["checkpoint"])
    engine = Engine(load(path, CPU, torch.float32), stream_config(case, path), CPU)
    engine.runner.max_prefill_tokens = part_tokens or engine.runner.max_prefill_tokens
    for n, expected in enumerate(data["rounds"]):
        pictures = frames(n, case["fps"], tuple(case["size"]), case["seed"])
        messages = list(engine.step(Chunk(n, float(n), float(n + 1), pictures, 0.0)))
        line = next(m for m in messages if isinstance(m, Line))
        assert list(line.tokens) == expected["new"], f"round {n}"
        assert engine.context.cache.length == expected["cached"], f"round {n}"
        check_integrity(engine.context)
