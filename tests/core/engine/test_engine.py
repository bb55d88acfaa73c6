"""Streaming mode against its slow twin, the first layer against a recomputation, and what sets the modes apart."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest
import torch

from core.config import CacheConfig, SamplingConfig, StreamConfig
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.messages import Ask, Line, Stats
from core.model.checkpoint import Checkpoint
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.model.rotary import rotate
from core.prompt.ledger import Span, SpanKind
from core.types import Chunk
from tests.core.engine.twin import Twin
from tests.parity.checkpoints import frames

CPU = torch.device("cpu")
CONTEXT = "This is a football match between Harbour, in orange, and Union, in blue."
QUERY = "Commentate on this match"


def engine(checkpoint: Checkpoint, *, fps: float = 2, limit: int = 8, **cache: float) -> Engine:
    sampling = SamplingConfig(greedy=True, repetition_penalty=1.0, max_new_tokens=limit)
    config = StreamConfig(
        fps=fps, size="native", context=CONTEXT, query=QUERY, cache=CacheConfig(**cache), sampling=sampling
    )
    return Engine(checkpoint, config, CPU)


def step(engine: Engine, pictures: np.ndarray) -> tuple[Line, Stats]:
    n = engine.round
    messages = list(engine.step(Chunk(n, float(n), n + 1.0, pictures, 0.0)))
    line, stats = messages[-2:]
    assert isinstance(line, Line)
    assert isinstance(stats, Stats)
    check_integrity(engine.context)
    return line, stats


@pytest.mark.parametrize(
    ("text_rounds", "vision_rounds", "fps", "limit"),
    [(3, 3, 2, 8), (4, 2, 4, 8), (2, 4, 2, 8), (3, 3, 1, 3), (1, 1, 8, 2), (1, 3, 2, 2), (2, 1, 2, 1)],
)
def test_equals_the_twin(
    checkpoint: Checkpoint, text_rounds: int, vision_rounds: int, fps: int, limit: int
) -> None:  # fmt: skip
    """Windows of any proportion, lines cut at their limit, a question in between, a source that changes its size."""
    ours = engine(
        checkpoint, fps=fps, limit=limit, text_rounds=text_rounds, vision_window_s=vision_rounds, sink_tokens=8,
        text_window_tokens=10,
    )  # fmt: skip
    twin = Twin(
        checkpoint, context=CONTEXT, query=QUERY, fps=fps, text_rounds=text_rounds, vision_rounds=vision_rounds,
        sink=8, window=10, limit=limit,
    )  # fmt: skip
    for n in range(12):
        size = (56, 84) if n < 6 else (84, 56)
        question = QUERY if n == 4 else ""
        if question:
            ours.apply(Ask(question))
        line, _ = step(ours, frames(n, fps, size, 9))
        assert list(line.tokens) == twin.step(frames(n, fps, size, 9), question), f"round {n}"
        assert ours.context.ledger.tokens() == twin.ids(), f"round {n}"
        _same_cache(ours, twin)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    ("text_rounds", "vision_rounds", "fps"), [(6, 6, 1), (4, 8, 2), (8, 4, 4), (3, 3, 8)]
)  # fmt: skip
def test_equals_the_twin_for_120_rounds(
    checkpoint: Checkpoint, text_rounds: int, vision_rounds: int, fps: int
) -> None:  # fmt: skip
    windows = {"text_rounds": text_rounds, "sink_tokens": 20, "text_window_tokens": 30}
    ours = engine(checkpoint, fps=fps, vision_window_s=vision_rounds, **windows)
    twin = Twin(
        checkpoint, context=CONTEXT, query=QUERY, fps=fps, text_rounds=text_rounds, vision_rounds=vision_rounds,
        sink=20, window=30, limit=8,
    )  # fmt: skip
    for n in range(120):
        pictures = frames(n, fps, (56, 84) if n % 40 < 20 else (84, 56), 9)
        question = QUERY if n in (30, 90) else ""
        if question:
            ours.apply(Ask(question))
        line, _ = step(ours, pictures)
        assert list(line.tokens) == twin.step(pictures, question), f"round {n}"
        assert ours.context.ledger.tokens() == twin.ids(), f"round {n}"


def _same_cache(ours: Engine, twin: Twin) -> None:
    """Values, raw keys where they are kept, and every key as it is rotated."""
    cache = ours.context.cache
    kept = cache.tokens(0, cache.length)
    cos_sin = ours.context.positions.cos_sin(0, cache.length)
    for layer in range(ours.model.config.layers):
        keyed = [e for e in twin.entries if e.keys]
        assert len(keyed) == cache.length
        keys = torch.stack([e.keys[layer] for e in keyed], dim=1)
        values = torch.stack([e.values[layer] for e in keyed], dim=1)
        torch.testing.assert_close(kept.raw_keys[layer], keys[:, kept.has_raw_key], atol=2e-4, rtol=1e-4)
        torch.testing.assert_close(kept.rotated[layer], rotate(keys, *cos_sin), atol=2e-4, rtol=1e-4)
        torch.testing.assert_close(kept.values[layer], values, atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("fps", [2, 3, 8])
def test_lines_do_not_depend_on_the_origin(checkpoint: Checkpoint, fps: int) -> None:
    """Weeks on, positions stand where no angle of a float32 is right any more."""
    windows = {"text_rounds": 3, "vision_window_s": 3, "sink_tokens": 8, "text_window_tokens": 10}
    said = {}
    rows = {}
    for origin in (0.0, 1e8):
        ours = engine(checkpoint, fps=fps, **windows)
        seen = []
        ours.context.positions.origin = origin
        sampler = ours.generator.sampler
        sample = sampler.sample
        sampler.sample = lambda row, *line, seen=seen, sample=sample: (
            seen.append(row),
            sample(row, *line),
        )[1]
        said[origin] = [step(ours, frames(n, fps, (56, 84), 4))[0].tokens for n in range(16)]
        rows[origin] = torch.stack(seen)
        assert ours.context.positions.origin > origin + 100
        positions = ours.context.positions.relative(len(ours.context.ledger))
        np.testing.assert_allclose(
            positions, contiguous_positions(ours.context.ledger.spans)[:, : positions.shape[1]], atol=2e-3
        )
    assert said[0.0] == said[1e8]
    torch.testing.assert_close(rows[0.0], rows[1e8], atol=2e-3, rtol=1e-4)


@pytest.mark.parametrize(("text_rounds", "vision_rounds"), [(3, 3), (5, 2), (2, 4)])
def test_raw_keys_are_kept_of_what_is_rotated(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch, text_rounds: int, vision_rounds: int
) -> None:
    """Of text, and of pictures only where they outlive the words beside them; so no key is ever re-rotated."""
    windows = {"text_rounds": text_rounds, "vision_window_s": vision_rounds, "sink_tokens": 8, "text_window_tokens": 10}
    ours = engine(checkpoint, **windows)
    monkeypatch.setattr(ours.context.cache, "rerotate_keys", lambda *_: pytest.fail("moved without a raw key"))
    for n in range(12):
        step(ours, frames(n, 2, (56, 84), 3))
    cache = ours.context.cache
    pictures = sum(len(span.tokens) - 2 for span in ours.context.ledger.spans if span.grid)
    assert pictures
    assert cache.length - cache.raw_key_length == (0 if vision_rounds > text_rounds else pictures)
    assert cache.raw_key_capacity <= cache.capacity


def test_pictures_before_a_retracted_line_are_rerotated(checkpoint: Checkpoint) -> None:
    """They have no raw keys; afterwards they are as if rotated once."""
    ours = engine(checkpoint, text_rounds=4, vision_window_s=4, sink_tokens=8, text_window_tokens=10)
    line = cycle((5, 6, ours.template.special.im_end))
    ours.generator.sampler.sample = lambda *_: next(line)  # type: ignore[method-assign]
    for n in range(6):
        step(ours, frames(n, 2, (56, 84), 3))
    cache = ours.context.cache
    before = ours.context.positions.cos_sin(0, ours.context.cache.length)
    kept = cache.tokens(0, cache.length)
    words = [s for s in ours.context.ledger.spans if s.kind is SpanKind.WORDS]
    start = _start_of(ours, words[-2])
    with torch.inference_mode():
        ours.context.retract_lines({words[-2].round})
    after = cache.tokens(0, cache.length)
    left = np.delete(np.arange(len(kept.has_raw_key)), np.arange(start, start + 2))
    unrotated = rotate(kept.rotated, before[0], -before[1])
    rotated = rotate(unrotated[:, :, left], *ours.context.positions.cos_sin(0, cache.length))
    torch.testing.assert_close(after.rotated, rotated, atol=2e-5, rtol=1e-5)
    assert not after.has_raw_key[:start].all()


def _start_of(engine: Engine, wanted: Span) -> int:
    """The token a span begins with."""
    start = 0
    for span in engine.context.ledger.spans:
        if span is wanted:
            break
        start += len(span.tokens)
    return start


def test_first_layer_is_what_a_recomputation_gives(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint, text_rounds=3, vision_window_s=3, sink_tokens=8, text_window_tokens=10)
    pictures: dict[int, torch.Tensor] = {}
    for n in range(9):
        step(ours, frames(n, 2, (56, 84), 2))
        pictures |= ours.context.embeddings.by_round
    ids = torch.tensor(ours.context.ledger.tokens())
    with torch.inference_mode():
        x = ours.model.decoder.embed(ids)
        offset = 0
        for span in ours.context.ledger.spans:
            if span.grid:
                x[offset + 1 : offset + len(span.tokens) - 1] = pictures[span.round]
            offset += len(span.tokens)
        first = ours.model.decoder.layers[0]
        c = ours.model.config
        qkv = first.qkv(first.input_norm(x)).view(len(ids), -1, c.head_dim).transpose(0, 1)
    cache = ours.context.cache
    kept = cache.tokens(0, cache.length)
    keys = qkv[c.heads : c.heads + c.kv_heads]
    values = qkv[c.heads + c.kv_heads :]
    torch.testing.assert_close(kept.raw_keys[0], keys[:, : cache.length][:, kept.has_raw_key], atol=2e-5, rtol=0)
    rotated = rotate(keys[:, : cache.length], *ours.context.positions.cos_sin(0, cache.length))
    torch.testing.assert_close(kept.rotated[0], rotated, atol=2e-5, rtol=0)
    torch.testing.assert_close(kept.values[0], values[:, : cache.length], atol=2e-5, rtol=0)


def test_streaming_stays_flat_where_full_grows(checkpoint: Checkpoint) -> None:
    kept = {}
    for mode in ("streaming", "full"):
        ours = engine(checkpoint, mode=mode, text_rounds=3, vision_window_s=3, sink_tokens=8, text_window_tokens=10)
        kept[mode] = [step(ours, frames(n, 2, (56, 84), 1))[1].kv_tokens for n in range(16)]
    assert max(kept["streaming"][6:]) - min(kept["streaming"][6:]) <= 3 * 8 + 8
    assert kept["full"] == sorted(kept["full"])
    assert kept["full"][-1] > 2 * kept["streaming"][-1]


def test_only_recompute_prefills_what_it_has_kept(checkpoint: Checkpoint) -> None:
    sizes = {"text_rounds": 3, "vision_window_s": 3, "sink_tokens": 8, "text_window_tokens": 10}
    ours = {mode: engine(checkpoint, mode=mode, **sizes) for mode in ("streaming", "recompute")}
    for n in range(6):
        streaming, recompute = (step(ours[mode], frames(n, 2, (56, 84), 1))[1] for mode in ours)
    newest = ours["streaming"].context.ledger.round_spans(5)
    turn = sum(len(span.tokens) for span in newest) - streaming.new_tokens
    assert turn <= streaming.prefill_tokens <= turn + 4
    kept = len(ours["recompute"].context.ledger) - recompute.new_tokens
    assert kept - 4 <= recompute.prefill_tokens <= kept


def test_window_drops_everything_at_once(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint, mode="window", window_reset_s=4)
    kept = [step(ours, frames(n, 2, (56, 84), 1))[1].kv_tokens for n in range(10)]
    assert kept[3] > kept[2]
    assert kept[4] < kept[1]
    assert kept[8] < kept[5]


def test_recompute_keeps_the_same_tokens_but_recomputes_their_keys(checkpoint: Checkpoint) -> None:
    windows = {"text_rounds": 3, "vision_window_s": 3, "sink_tokens": 8, "text_window_tokens": 10}
    ours = engine(checkpoint, mode="recompute", **windows)
    for n in range(8):
        step(ours, frames(n, 2, (56, 84), 1))
    fresh = engine(checkpoint, mode="recompute", **windows)
    fresh.context.ledger.replace(list(ours.context.ledger.spans), 0)
    fresh.context.embeddings.by_round = dict(ours.context.embeddings.by_round)
    fresh.context.positions.positions = contiguous_positions(fresh.context.ledger.spans)
    with torch.inference_mode():
        fresh.context.cache.reserve(fresh.context.size())
        fresh.runner.prefill()
    length = ours.context.cache.length
    kept, recomputed = (each.context.cache.tokens(0, length) for each in (ours, fresh))
    torch.testing.assert_close(kept.values, recomputed.values, atol=2e-4, rtol=1e-4)


def test_native_positions_grow_without_bound(checkpoint: Checkpoint) -> None:
    windows = {"text_rounds": 2, "vision_window_s": 2, "sink_tokens": 8, "text_window_tokens": 10}
    last = {}
    for mode in ("streaming", "native"):
        ours = engine(checkpoint, mode=mode, **windows)
        for n in range(12):
            step(ours, frames(n, 2, (56, 84), 1))
        last[mode] = float(ours.context.positions.relative(len(ours.context.ledger)).max())
        assert len(ours.context.ledger) < 160
    assert last["streaming"] < 160
    assert last["native"] > 200
