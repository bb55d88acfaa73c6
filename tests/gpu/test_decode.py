"""The GPU's fast ways against their plain twins: kernels, the decode step, the tower, the cache, whole streams."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.arena.arena import Arena
from core.cache.kv_cache import KVCache, Room
from core.config import BUNDLED, resolve
from core.engine.engine import Engine
from core.engine.runner import Runner
from core.messages import Line
from core.model.checkpoint import Checkpoint, load
from core.model.rotary import rotate
from core.types import Chunk

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="needs Triton"),
]
BF16 = 2**-7  # relative, of a sum rounded to bf16 after a few roundings
ROUNDS = 30


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return load(BUNDLED, torch.device("cuda"), torch.bfloat16)


@pytest.fixture(autouse=True)
def _inference() -> Iterator[None]:
    with torch.inference_mode():
        yield


def near(got: torch.Tensor, wanted: torch.Tensor, tolerance: float = BF16) -> bool:
    wanted = wanted.float()
    return float((got.float() - wanted).abs().max()) <= tolerance * float(wanted.abs().max())


def random(*shape: int) -> torch.Tensor:
    return torch.randn(shape, device="cuda", dtype=torch.bfloat16)


@pytest.mark.parametrize("columns", [3584, 768])
def test_products(columns: int) -> None:
    from core.engine import kernels

    x, weight, bias, out = random(columns), random(1000, columns), random(1000), random(1000)
    kernels.product(x, weight, None, bias, out)
    assert near(out, weight.float() @ x.float() + bias)
    gated = random(500)
    kernels.gated_product(x, weight, None, gated)
    wide = weight.float() @ x.float()
    assert near(gated, F.silu(wide[:500]) * wide[500:])


def test_a_product_of_fp8_weights() -> None:
    from core.engine import kernels
    from core.engine.decode_graph import FP8

    x, weight, out = random(3584), random(64, 3584).to(FP8), random(64)
    scale = torch.rand(64, device="cuda")
    kernels.product(x, weight, scale, None, out)
    assert near(out, (weight.float() @ x.float()) * scale)


@pytest.mark.parametrize(("heads", "kv_heads", "head_dim"), [(28, 4, 128), (4, 2, 64)])
def test_attention_over_split_keys(heads: int, kv_heads: int, head_dim: int) -> None:
    from core.engine import kernels

    rotated, values = random(kv_heads, 5000, head_dim), random(kv_heads, 5000, head_dim)
    q, out = random(heads, head_dim), random(heads, head_dim)
    parts = torch.empty(heads, 33, head_dim, device="cuda")
    sums = torch.empty(heads, 33, 2, device="cuda")
    for length in (0, 40, 4321):
        state = torch.tensor([0, 0, length], dtype=torch.int32, device="cuda")
        kernels.attend(q, rotated, values, state, parts, sums, out)
        seen = (t[None, :, : length + 1].float() for t in (rotated, values))
        wanted = F.scaled_dot_product_attention(q[None, :, None].float(), *seen, enable_gqa=True)[0, :, 0]
        assert near(out, wanted)


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
    from core.engine.tower_graph import TowerGraph

    tower = checkpoint.model.vision
    graph = TowerGraph(tower)
    for grid in ((1, 10, 18), (2, 10, 18), (1, 10, 18)):
        patches = torch.randn(int(np.prod(grid)), checkpoint.model.config.vision.patch_values, device="cuda")
        assert near(graph(patches, grid), tower(patches, grid))


def said(checkpoint: Checkpoint, plain: bool, **settings: object) -> list[tuple[int, ...]]:
    """The tokens of ROUNDS greedy rounds of the bundled model."""
    arena = Arena(100_000)
    config = resolve({"device": "cuda", "greedy": True, "context": arena.context, **settings})
    engine = Engine(checkpoint, replace(config, guard_repeats=0), torch.device("cuda"))
    if plain:
        engine.runner = Runner(engine.model, engine.context)
        engine.sight.tower = checkpoint.model.vision
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


def test_fp8_weights_say_nearly_the_same(checkpoint: Checkpoint) -> None:
    full, fp8 = said(checkpoint, plain=False), said(checkpoint, plain=False, dtype="fp8")
    assert sum(a == b for a, b in zip(full, fp8, strict=True)) >= 0.9 * ROUNDS
