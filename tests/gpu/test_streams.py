"""The GPU's fast ways against their plain twins: the tower, the cache, a prefill, whole streams."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from core.assets import BUNDLED
from core.cache.cache_size import CacheSize
from core.cache.kv_cache import KVCache
from core.config import resolve
from core.engine.backends.reference import ReferenceRunner
from core.engine.backends.sdpa import SdpaAttention
from core.engine.engine import Engine
from core.messages import LimitMemory, Line
from core.model.checkpoint import Checkpoint, load
from core.model.qwen2_5_vl.vision import embed_frames
from core.model.rotary import rotate
from core.programmes.football.programme import FootballEpisode
from core.types import Chunk
from tests.gpu.tensors import BF16, near, random

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="needs Triton"),
]
ROUNDS = 30
SEEDS = range(100_000, 100_003)


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
    cache.reserve(CacheSize(700, 700))
    cache.raw_keys.normal_()
    cache.values.normal_()
    before = cache.raw_keys.clone()
    cache.advance(700)
    cache.compact([(0, 100), (300, 700)])
    turned = np.arange(130)
    cos, sin = (random(130, config.head_dim // 2).repeat(1, 2) for _ in range(2))
    cache.rotate_keys(turned, cos, sin)
    kept = cache.tokens(0, 500)
    assert torch.equal(kept.raw_keys, torch.cat((before[:, :, :100], before[:, :, 300:700]), 2))
    assert near(kept.rotated[:, :, :130], rotate(kept.raw_keys[:, :, :130].float(), cos.float(), sin.float()))


def test_the_tower_as_a_graph(checkpoint: Checkpoint) -> None:
    from core.engine.backends.cuda.vision_graph import VisionGraph

    tower = checkpoint.model.vision
    graph = VisionGraph(tower)
    for frames in (2, 4, 3, 1):
        pixels = torch.randint(0, 256, (frames, 140, 252, 3), device="cuda").float()
        assert near(graph(pixels), embed_frames(tower, pixels), 4 * BF16)


@pytest.mark.parametrize("fp8", [False, True])
def test_a_prefill_as_a_graph(checkpoint: Checkpoint, fp8: bool) -> None:
    """For any number of tokens that there is room for, over any number of entries, as when its kernels are launched."""
    from core.engine.backends.cuda.runner import CudaRunner

    if fp8:
        checkpoint = load(BUNDLED, torch.device("cuda"), torch.bfloat16, fp8=True)
    engine = Engine(checkpoint, resolve({"device": "cuda"}), torch.device("cuda"))
    list(engine.step(Chunk(0, 0.0, 1.0, (np.zeros((720, 1280, 3), np.uint8),) * 2, 0.0)))
    assert isinstance(engine.runner, CudaRunner)
    prefill = engine.runner.prefill_graphs
    cache = engine.context.cache
    config = checkpoint.model.config
    recorded = prefill.recordings
    assert recorded
    cache.values.normal_()
    cache.rotated.normal_()
    for tokens, entries, wanted in ((128, 900, 8), (70, 901, 1), (128, 300, 3), (50, 1200, 2)):
        x = random(tokens, config.hidden)
        angles = random(2, tokens, config.head_dim)
        slots = np.where(np.arange(tokens) % 3, -1, np.arange(tokens)).astype(np.int32)
        outcomes = []
        for prefill.recordings in (recorded, {}):
            for buffer in (cache.rotated, cache.values, cache.raw_keys):
                buffer[:, :, entries:] = 0
            cache.slots.length = entries
            logits = prefill(x, *angles, cache, wanted, slots).clone()
            outcomes.append((logits, cache.rotated.clone(), cache.values.clone(), cache.raw_keys.clone()))
        assert len(outcomes[0][0]) == wanted
        assert all(near(ours, theirs, 2 * BF16) for ours, theirs in zip(*outcomes, strict=True))


def test_graphs_are_recorded_anew_where_the_cache_moves(checkpoint: Checkpoint) -> None:
    """Under a ceiling that comes and goes while a stream runs."""
    arena = FootballEpisode(100_000)
    engine = Engine(checkpoint, resolve({"device": "cuda", "greedy": True}), torch.device("cuda"))
    prefill = engine.runner.prefill_graphs
    recorded = []  # type: ignore[attr-defined]
    for second in range(12):
        if second in (4, 8):
            below = engine.model.weight_bytes + engine.context.cache.allocated_bytes // 2
            engine.apply(LimitMemory(below if second == 4 else None))
        frames = (arena.frame(second), arena.frame(second + 0.5))
        list(engine.step(Chunk(second, float(second), second + 1.0, frames, 0.0)))
        recorded.append(len(prefill.recordings))
    assert recorded[3] > 0
    assert recorded[11] > 0


def said(checkpoint: Checkpoint, plain: bool = False, ahead: bool = False, **settings: object) -> list[tuple[int, ...]]:
    """The tokens of ROUNDS greedy rounds of the bundled model in each of some matches."""
    return [line for seed in SEEDS for line in _said(checkpoint, plain, ahead, FootballEpisode(seed), settings)]


def _said(
    checkpoint: Checkpoint, plain: bool, ahead: bool, arena: FootballEpisode, settings: dict[str, object]
) -> list[tuple[int, ...]]:
    config = resolve({"device": "cuda", "greedy": True, "context": arena.context, **settings})
    engine = Engine(checkpoint, replace(config, guard_repeats=0), torch.device("cuda"))
    if plain:
        engine.runner = ReferenceRunner(engine.model, engine.context, SdpaAttention())
        engine.vision_encoder.tower = partial(embed_frames, checkpoint.model.vision)
    engine.warm_up()
    lines = []
    for second in range(ROUNDS):
        frames = tuple(arena.frame(second + n / config.fps) for n in range(config.frames_per_chunk()))
        chunk = Chunk(second, float(second), second + 1.0, frames, 0.0)
        for count in range(1, len(frames) if ahead else 1):
            engine.prefill_ahead(replace(chunk, frames=frames[:count]))
        lines += [message.tokens for message in engine.step(chunk) if isinstance(message, Line)]
    return lines


def test_a_stream_says_the_same(checkpoint: Checkpoint) -> None:
    """But for a line that a rounding of bf16 brings a second earlier or later, which makes two that differ."""
    assert same(said(checkpoint), said(checkpoint, plain=True)) >= 0.95


def test_a_stream_read_as_it_comes_says_the_same(checkpoint: Checkpoint) -> None:
    assert same(said(checkpoint, fps=6, ahead=True), said(checkpoint, fps=6)) >= 0.95
    exact = load(BUNDLED, torch.device("cuda"), torch.float32)
    assert same(said(exact, fps=6, ahead=True), said(exact, fps=6)) == 1.0


def test_fp8_matrices_say_nearly_the_same(checkpoint: Checkpoint) -> None:
    rounded = load(BUNDLED, torch.device("cuda"), torch.bfloat16, fp8=True)
    fp8 = said(rounded)
    assert same(fp8, said(rounded, plain=True)) >= 0.95
    assert same(fp8, said(checkpoint)) >= 0.9


def same(said: list[tuple[int, ...]], wanted: list[tuple[int, ...]]) -> float:
    """Share of the lines."""
    return sum(a == b for a, b in zip(said, wanted, strict=True)) / len(wanted)
