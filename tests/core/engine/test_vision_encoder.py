"""Repeats left out of the pictures: fewer tokens, in the places they would have, and nothing that is not shown."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.cache.cache_size import CacheSize
from core.config import MODES, CacheConfig, Mode, SamplingConfig, StreamConfig
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.engine.vision_encoder import VisionEncoder
from core.messages import LimitMemory, Line, Restore, Snapshot, Stats
from core.model.checkpoint import Checkpoint
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.prompt.ledger import SpanKind
from core.prompt.template import Template
from core.types import Chunk
from tests.parity.checkpoints import frames

CPU = torch.device("cpu")
SIZE = (84, 112)
PLACES = 12
WINDOW = 4
"""Rounds of pictures."""


def engine(
    checkpoint: Checkpoint, drop_repeats: float = 8.0, mode: Mode = "streaming", fps: float = 2, **more: int
) -> Engine:
    cache = CacheConfig(mode, text_rounds=3, vision_window_s=WINDOW, sink_tokens=20, text_window_tokens=12)
    sampling = SamplingConfig(greedy=True, repetition_penalty=1.0, max_new_tokens=6)
    config = StreamConfig(
        fps=fps, size="native", cache=cache, sampling=sampling, drop_repeats=drop_repeats, guard_repeats=0, **more
    )  # fmt: skip
    return Engine(checkpoint, config, CPU)


def step(engine: Engine, pictures: np.ndarray) -> tuple[Line, Stats]:
    """One round, everything checked after it."""
    n = engine.round
    line, stats = list(engine.step(Chunk(n, float(n), n + 1.0, pictures, 0.0)))[-2:]
    assert isinstance(line, Line)
    assert isinstance(stats, Stats)
    context = engine.context
    check_integrity(context)
    pictures = sum(len(span.tokens) - 2 for span in context.ledger.spans if span.grid)
    text = len(context.ledger) - pictures
    assert context.size() == CacheSize(text, text) + context.sizes.vision(pictures)
    return line, stats


def still(n: int, fps: int = 2, size: tuple[int, int] = SIZE) -> np.ndarray:
    return np.repeat(frames(0, 1, size, 5), fps, 0)


def moving(n: int, fps: int = 2, size: tuple[int, int] = SIZE) -> np.ndarray:
    """A still picture with a square on it that goes round."""
    pictures = still(n, fps, size)
    for i, picture in enumerate(pictures):
        x = (n * fps + i) * 9 % (size[1] - 8)
        picture[30:38, x : x + 8] = 255
    return pictures


def picture_tokens(engine: Engine) -> dict[int, int]:
    spans = engine.context.ledger.spans
    return {s.round: len(s.tokens) - 2 for s in spans if s.kind is SpanKind.VISION}


def test_off_or_nothing_repeated_the_result_is_the_same(checkpoint: Checkpoint) -> None:
    """Off there is nothing that compares; with the least threshold every changed byte is new, so nothing is dropped."""
    off = engine(checkpoint, 0.0)
    least = engine(checkpoint, 1e-6)
    assert off.vision_encoder.repeats is None
    for n in range(8):
        pictures = frames(n, 2, SIZE, 3)
        (line, stats) = step(off, pictures)
        (other, others) = step(least, pictures)
        assert line.tokens == other.tokens
        assert (stats.kv_tokens, stats.dropped_tokens) == (others.kv_tokens, others.dropped_tokens)
        assert stats.dropped_tokens == 0
        assert off.context.ledger.tokens() == least.context.ledger.tokens()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fps", [2, 6])
def test_a_still_picture_needs_few_tokens(checkpoint: Checkpoint, mode: Mode, fps: int) -> None:
    ours = engine(checkpoint, mode=mode, fps=fps)
    grid = PLACES * fps // 2
    for n in range(12):
        _, stats = step(ours, still(n, fps))
        kept = stats.grid_tokens - stats.dropped_tokens
        assert stats.grid_tokens == grid
        assert kept == (PLACES if n == 0 else PLACES // WINDOW if ours.context.evicts else 1)
        assert picture_tokens(ours)[n] == kept


@pytest.mark.parametrize("mode", MODES)
def test_something_moves_while_the_size_and_the_ceiling_change(checkpoint: Checkpoint, mode: Mode) -> None:
    """After a change of the grid everything is seen anew; `step` checks that nothing is left unseen."""
    ours = engine(checkpoint, mode=mode, fps=4)
    for n in range(26):
        if n in (10, 18):
            ours.apply(LimitMemory(ours.model.weight_bytes + 256 * entry_bytes(ours) if n == 10 else None))
        _, stats = step(ours, moving(n, 4, SIZE if n < 6 else (112, 84)))
        if n in (0, 6):
            assert stats.dropped_tokens <= stats.grid_tokens // 2  # of the second of two grids
        if 10 <= n < 18:
            assert stats.kv_bytes <= 256 * entry_bytes(ours)


def entry_bytes(engine: Engine) -> int:
    size = engine.dtype.itemsize
    config = engine.model.config
    return config.kv_bytes_per_token(size) + config.raw_key_bytes_per_token(size)


def test_the_cache_holds_what_one_reading_of_the_kept_tokens_gives(checkpoint: Checkpoint) -> None:
    """Embeddings are those of the whole pictures; keys and values those of all kept tokens read at once."""
    ours = engine(checkpoint, mode="full")
    for n in range(7):
        step(ours, moving(n))
    whole = VisionEncoder(checkpoint, replace(ours.config, drop_repeats=0.0), CPU)
    fresh = engine(checkpoint, mode="full")
    fresh.context.ledger.replace(list(ours.context.ledger.spans), 0)
    fresh.context.positions.positions = contiguous_positions(fresh.context.ledger.spans)
    for span in ours.context.ledger.spans:
        if span.grid and span.kept:
            n = span.round
            with torch.inference_mode():
                grid, seen, _ = whole.encode(moving(n), ours.memory.current.level)
            assert grid == span.grid
            fresh.context.embeddings.by_round[n] = seen[np.flatnonzero(np.frombuffer(span.kept, bool))]
    assert sum(picture_tokens(ours).values()) < 7 * PLACES / 2
    with torch.inference_mode():
        fresh.context.cache.reserve(fresh.context.size())
        fresh.runner.prefill()
    length = ours.context.cache.length
    kept, read = (each.context.cache.tokens(0, length) for each in (ours, fresh))
    torch.testing.assert_close(kept.raw_keys, read.raw_keys, atol=2e-4, rtol=1e-4)
    torch.testing.assert_close(kept.values, read.values, atol=2e-4, rtol=1e-4)


def test_a_window_that_begins_anew_sees_everything_anew(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint, mode="window")
    ours.context.config = replace(ours.config, cache=replace(ours.config.cache, window_reset_s=5.0))
    dropped = [step(ours, still(n))[1].dropped_tokens for n in range(11)]
    assert [n for n, tokens in enumerate(dropped) if tokens == 0] == [0, 5, 10]


def test_words_restored_come_without_pictures(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    for n in range(5):
        step(ours, still(n))
    ours.apply(Snapshot())
    memory = next(iter(ours.step(Chunk(5, 5.0, 6.0, still(5), 0.0))))
    ours.apply(Restore(memory))  # type: ignore[arg-type]
    _, stats = step(ours, still(6))
    assert stats.dropped_tokens == 0


def test_the_cache_grows_in_steps_and_stays(checkpoint: Checkpoint) -> None:
    """A whole window of whole grids is never reserved for a still picture."""
    dropping = engine(checkpoint, fps=16)
    whole = engine(checkpoint, 0.0, fps=16)
    sizes = []
    for n in range(16):
        sizes.append(step(dropping, still(n, 16))[1].kv_bytes)
        taken = step(whole, still(n, 16))[1].kv_bytes
    assert sizes == sorted(sizes)
    assert len(set(sizes[8:])) == 1
    assert sizes[-1] <= taken


def test_a_turn_has_a_picture(checkpoint: Checkpoint) -> None:
    template = Template(checkpoint.tokenizer)
    with pytest.raises(ValueError, match="no token"):
        template.user_turn(0, 0.0, 1.0, (1, 2, 2), kept=bytes(4))
    vision = next(s for s in template.user_turn(0, 0.0, 1.0, (1, 2, 2), kept=bytes((0, 1, 0, 1))) if s.grid)
    assert vision.tokens == (
        template.special.vision_start, *(template.special.video_pad,) * 2, template.special.vision_end
    )  # fmt: skip
    assert math.prod(vision.grid or ()) == 4
