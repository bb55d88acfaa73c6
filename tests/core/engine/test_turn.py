"""Prefill ahead: the same context and the same tokens as when a chunk is read at once, and rollback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import MODES, CacheConfig, SamplingConfig, StreamConfig
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.messages import Ask, Degraded, LimitMemory, Line, Restore, Snapshot, Stats, Steer
from core.model.checkpoint import Checkpoint
from core.types import Chunk
from tests.parity.checkpoints import frames

CPU = torch.device("cpu")
SIZE = (56, 84)
ROUNDS = 8
MAX_DRAFT_TOKENS = 15
EVICTS = [mode for mode in MODES if mode not in ("full", "window")]


def engine(checkpoint: Checkpoint, fps: float = 6, mode: str = "streaming", **more: Any) -> Engine:
    cache = CacheConfig(mode=mode, text_rounds=3, vision_window_s=3, sink_tokens=12, text_window_tokens=12)  # type: ignore[arg-type]
    sampling = SamplingConfig(greedy=True, repetition_penalty=1.0, max_new_tokens=6)
    return Engine(checkpoint, StreamConfig(fps=fps, size="native", cache=cache, sampling=sampling, **more), CPU)


def chunk(n: int, fps: int = 6, size: tuple[int, int] = SIZE, index: int | None = None) -> Chunk:
    """Round n: a still picture, but for a square that moves."""
    pictures = np.repeat(frames(0, 1, size, 5), fps, 0)
    for i, picture in enumerate(pictures):
        x = (n * fps + i) * 9 % (size[1] - 8)
        picture[30:38, x : x + 8] = 255
    return Chunk(n if index is None else index, float(n), n + 1.0, tuple(pictures), 0.0)


def prefill_ahead(engine: Engine, whole: Chunk, *counts: int) -> None:
    for count in counts:
        engine.prefill_ahead(replace(whole, frames=whole.frames[:count]))


def step(engine: Engine, whole: Chunk) -> tuple[Line, Stats]:
    line, stats = list(engine.step(whole))[-2:]
    assert isinstance(line, Line)
    assert isinstance(stats, Stats)
    check_integrity(engine.context)
    return line, stats


def same(ahead: Engine, whole: Engine) -> None:
    """The same tokens at the same positions, and keys and values alike."""
    assert ahead.context.ledger.spans == whole.context.ledger.spans
    tokens = len(whole.context.ledger)
    np.testing.assert_array_equal(*(each.context.positions.relative(tokens) for each in (ahead, whole)))
    length = whole.context.cache.length
    assert ahead.context.cache.length == length
    ours, theirs = (each.context.cache.tokens(0, length) for each in (ahead, whole))
    assert (ours.has_raw_key == theirs.has_raw_key).all()
    for name in ("raw_keys", "rotated", "values"):
        torch.testing.assert_close(getattr(ours, name), getattr(theirs, name), atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("drop_repeats", [0.0, 8.0])
@pytest.mark.parametrize(
    ("mode", "fps", "counts"),
    [*((mode, 6, (2, 4)) for mode in EVICTS), *(("streaming", *p) for p in ((5, (1, 2, 3, 4)), (4, (3,)), (8, (6,))))],
)
def test_a_chunk_prefilled_ahead_gives_the_same_line(
    checkpoint: Checkpoint, mode: str, fps: int, counts: tuple[int, ...], drop_repeats: float
) -> None:
    ahead, whole = (engine(checkpoint, fps, mode, drop_repeats=drop_repeats) for _ in range(2))
    for n in range(ROUNDS):
        prefill_ahead(ahead, chunk(n, fps), *counts)
        ours, stats = step(ahead, chunk(n, fps))
        theirs, _ = step(whole, chunk(n, fps))
        assert ours.tokens == theirs.tokens, n
        assert (stats.ahead_s > 0) == (n > 0)
    if not drop_repeats:
        same(ahead, whole)


@pytest.mark.parametrize("fps", [2, 8])
def test_after_prepare_shapes_no_round_allocates(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch, fps: int
) -> None:
    ours = engine(checkpoint, fps)
    ours.prepare_shapes(chunk(0).frames[0])
    taken = ours.context.cache.allocated_bytes
    monkeypatch.setattr(ours.runner, "prepare_shapes", lambda *_, **__: pytest.fail("a shape was prepared late"))
    for n in range(ROUNDS):
        prefill_ahead(ours, chunk(n, fps), *range(1, fps))
        assert (step(ours, chunk(n, fps))[1].ahead_s > 0) == (fps > 1)
        assert ours.context.cache.allocated_bytes == taken


def test_what_is_prefilled_ahead_is_not_done_again(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = engine(checkpoint)
    read = []
    decoder = ours.model.decoder
    forward = decoder.forward

    def counted(x: torch.Tensor, *more: object) -> torch.Tensor:
        read.append(x.shape[1])
        return forward(x, *more)

    monkeypatch.setattr(decoder, "forward", counted)
    step(ours, chunk(0))
    first = read[0]
    picture = 6
    read.clear()
    step(ours, chunk(1))
    whole = read[0]
    assert whole < first
    read.clear()
    prefill_ahead(ours, chunk(2), 2, 4)
    step(ours, chunk(2))
    assert read[1] == picture
    assert sum(read[:3]) <= whole + MAX_DRAFT_TOKENS


@pytest.mark.parametrize("mode", ["full", "window"])
def test_where_nothing_is_evicted_nothing_is_prefilled_ahead(checkpoint: Checkpoint, mode: str) -> None:
    ours = engine(checkpoint, mode=mode)
    for n in range(3):
        before = ours.context.cache.length
        prefill_ahead(ours, chunk(n), 2, 4)
        assert ours.context.cache.length == before
        step(ours, chunk(n))


Change = Callable[[Engine], None]


def _abandons(engine: Engine) -> None:
    """A chunk that never becomes complete."""
    prefill_ahead(engine, chunk(4, index=40), 2, 4)


def _changes_size(engine: Engine) -> None:
    prefill_ahead(engine, chunk(4, size=(84, 56)), 2, 4)


def _applies(command: Any) -> Change:
    def change(engine: Engine) -> None:
        prefill_ahead(engine, chunk(4), 2, 4)
        engine.apply(command)

    return change


@pytest.mark.parametrize("drop_repeats", [0.0, 8.0])
@pytest.mark.parametrize(
    "change",
    [_abandons, _changes_size, _applies(Ask("Who leads?")), _applies(Steer(query="Speak of the crowd"))],
)
def test_an_abandoned_turn_is_rolled_back(checkpoint: Checkpoint, change: Change, drop_repeats: float) -> None:
    ahead, whole = (engine(checkpoint, drop_repeats=drop_repeats) for _ in range(2))
    for n in range(ROUNDS):
        if n == 4:
            change(ahead)
            if command := getattr(change, "__closure__", None):
                whole.apply(command[0].cell_contents)
            if drop_repeats:
                whole.vision_encoder.forget()
        prefill_ahead(ahead, chunk(n), *((2, 4) if n != 4 else ()))
        assert step(ahead, chunk(n))[0].tokens == step(whole, chunk(n))[0].tokens
    same(ahead, whole)


def test_a_context_replaced_while_prefilling_ahead_comes_first(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    for n in range(6):
        prefill_ahead(ours, chunk(n), 2, 4)
        if n == 3:
            ours.apply(Steer(context="Union leads."))
        step(ours, chunk(n))
    assert ours.context.ledger.spans[2].tokens[:3] == ours.template.encode("Union leads.")[:3]


def test_a_snapshot_while_prefilling_ahead_is_whole(checkpoint: Checkpoint) -> None:
    ahead = engine(checkpoint)
    whole = engine(checkpoint)
    for n in range(5):
        prefill_ahead(ahead, chunk(n), 2, 4)
        step(ahead, chunk(n))
        step(whole, chunk(n))
    prefill_ahead(ahead, chunk(5), 2, 4)
    memories = []
    for ours in (ahead, whole):
        ours.apply(Snapshot())
        memories.append(next(iter(ours.step(chunk(5)))))
    assert memories[0] == memories[1]
    restored = engine(checkpoint)
    step(restored, chunk(0))
    prefill_ahead(restored, chunk(1), 2)
    restored.apply(Restore(memories[0]))
    step(restored, chunk(1))


def test_a_round_of_reduced_quality_is_not_prefilled_ahead(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    for n in range(4):
        prefill_ahead(ours, chunk(n), 2, 4)
        step(ours, chunk(n))
    ours.apply(LimitMemory(ours.model.weight_bytes + 200_000))
    before = ours.context.cache.length
    prefill_ahead(ours, chunk(4), 2, 4)
    assert ours.context.cache.length <= before
    assert isinstance(next(iter(ours.step(chunk(4)))), Degraded)


def test_without_room_for_it_the_prefill_is_left_to_the_round(checkpoint: Checkpoint) -> None:
    """With repeats left out the cache grows in steps."""
    ahead, whole = (engine(checkpoint, drop_repeats=8.0) for _ in range(2))
    busy = [np.random.default_rng(n).integers(0, 255, (6, *SIZE, 3), np.uint8) for n in range(6)]
    grown = 0
    for n in range(12):
        pictures = tuple(busy[n - 6]) if n >= 6 else chunk(n).frames
        now = replace(chunk(n), frames=pictures)
        before = ahead.context.cache.capacity
        prefill_ahead(ahead, now, 2, 4)
        assert ahead.context.cache.capacity == before
        step(ahead, now)
        grown += ahead.context.cache.capacity > before
        step(whole, now)
    assert grown


@settings(max_examples=24, deadline=None)
@given(data=st.data())
def test_whatever_comes_in_between(checkpoint: Checkpoint, data: st.DataObject) -> None:
    """Chunks prefilled ahead or not, abandoned, of another size, with commands between: always the same tokens."""
    ahead = engine(checkpoint)
    whole = engine(checkpoint)
    for n in range(6):
        size = data.draw(st.sampled_from([SIZE, (84, 56)]))
        for kind in data.draw(st.lists(st.sampled_from(["part", "part", "vain", "command"]), max_size=4)):
            if kind == "part":
                prefill_ahead(ahead, chunk(n, size=size), data.draw(st.integers(1, 5)))
            elif kind == "vain":
                prefill_ahead(ahead, chunk(n, size=data.draw(st.sampled_from([SIZE, (84, 56)])), index=99), 2)
            else:
                for ours in (ahead, whole):
                    ours.apply(Ask(f"What of second {n}?"))
        assert step(ahead, chunk(n, size=size))[0].tokens == step(whole, chunk(n, size=size))[0].tokens
    same(ahead, whole)
