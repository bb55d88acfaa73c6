"""The GPU's fast ways against their plain twins: the tower, the cache, a prefill, whole streams."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from core.arena.arena import Arena
from core.cache.kv_cache import KVCache, Room
from core.config import BUNDLED, resolve
from core.engine.engine import Engine
from core.engine.runner import Runner
from core.messages import Line
from core.model.checkpoint import Checkpoint, load
from core.model.rotary import rotate
from core.model.vision import see_pixels
from core.types import Chunk
from tests.gpu.tensors import BF16, near, random

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="needs Triton"),
]
ROUNDS = 30


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return load(BUNDLED, torch.device("cuda"), torch.bfloat16)


@pytest.fixture(autouse=True)
def _inference() -> Iterator[None]:
    with torch.inference_mode():
        yield


def test_the_cache_turns_what_it_keeps(checkpoint: Checkpoint) -> None:
    config = checkpoint.model.config
    cache = KVCache(config, torch.device("cuda"), torch.bfloat16)
    cache.reserve(Room(700, 700))
    cache.keys.normal_()
    cache.values.normal_()
    before = cache.keys.clone()
    cache.advance(700)
    cache.compact([(0, 100), (300, 700)])
    turned = np.arange(130)
    cos, sin = (random(130, config.head_dim // 2).repeat(1, 2) for _ in range(2))
    cache.turn(turned, cos, sin)
    kept = cache.tokens(0, 500)
    assert torch.equal(kept.keys, torch.cat((before[:, :, :100], before[:, :, 300:700]), 2))
    assert near(kept.rotated[:, :, :130], rotate(kept.keys[:, :, :130].float(), cos.float(), sin.float()))


def test_the_tower_as_a_graph(checkpoint: Checkpoint) -> None:
    from core.engine.cuda.tower_graph import TowerGraph

    tower = checkpoint.model.vision
    graph = TowerGraph(tower)
    for frames in (2, 4, 3, 1):
        pixels = torch.randint(0, 256, (frames, 140, 252, 3), device="cuda").float()
        assert near(graph(pixels), see_pixels(tower, pixels), 4 * BF16)


def said(checkpoint: Checkpoint, plain: bool, **settings: object) -> list[tuple[int, ...]]:
    """The tokens of ROUNDS greedy rounds of the bundled model."""
    arena = Arena(100_000)
    config = resolve({"device": "cuda", "greedy": True, "context": arena.context, **settings})
    engine = Engine(checkpoint, replace(config, guard_repeats=0), torch.device("cuda"))
    if plain:
        engine.runner = Runner(engine.model, engine.context)
        engine.sight.tower = partial(see_pixels, checkpoint.model.vision)
    engine.warm_up()
    lines = []
    for second in range(ROUNDS):
        frames = np.stack([arena.frame(second), arena.frame(second + 0.5)])
        chunk = Chunk(second, float(second), second + 1.0, frames, 0.0)
        lines += [message.tokens for message in engine.step(chunk) if isinstance(message, Line)]
    return lines


def test_a_stream_says_the_same(checkpoint: Checkpoint) -> None:
    plain, fast = said(checkpoint, plain=True), said(checkpoint, plain=False)
    assert sum(a == b for a, b in zip(plain, fast, strict=True)) >= 0.95 * ROUNDS


def test_fp8_matrices_say_nearly_the_same(checkpoint: Checkpoint) -> None:
    rounded = load(BUNDLED, torch.device("cuda"), torch.bfloat16, fp8=True)
    full, plain, fp8 = said(checkpoint, plain=False), said(rounded, plain=True), said(rounded, plain=False)
    assert sum(a == b for a, b in zip(plain, fp8, strict=True)) >= 0.95 * ROUNDS
    assert sum(a == b for a, b in zip(full, fp8, strict=True)) >= 0.9 * ROUNDS
