"""Commands to a running stream: questions, context, sampling, snapshots, the memory limit; and the repetition guard."""

from __future__ import annotations

import pytest
import torch

from core.config import MODES, CacheConfig, SamplingConfig, StreamConfig
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.messages import (
    Adjust,
    Ask,
    Degraded,
    LimitMemory,
    Line,
    Restore,
    Snapshot,
    Stats,
    Steer,
    TextMemory,
)
from core.model.checkpoint import Checkpoint
from core.prompt.ledger import SpanKind
from core.types import Chunk
from tests.parity.checkpoints import frames

CPU = torch.device("cpu")
CONTEXT = "This is a football match between Harbour, in orange, and Union, in blue."
QUERY = "Commentate on this match"


def engine(checkpoint: Checkpoint, mode: str = "streaming", guard: int = 0, vision_s: float = 3) -> Engine:
    cache = CacheConfig(mode=mode, text_rounds=3, vision_window_s=vision_s, sink_tokens=20, text_window_tokens=12)  # type: ignore[arg-type]
    sampling = SamplingConfig(greedy=True, repetition_penalty=1.0, max_new_tokens=6)
    config = StreamConfig(
        size="native", context=CONTEXT, query=QUERY, cache=cache, sampling=sampling, guard_repeats=guard
    )
    return Engine(checkpoint, config, CPU)


def run(engine: Engine, rounds: int, size: tuple[int, int] = (56, 84)) -> list[object]:
    """Messages of some rounds, ledger and cache checked after each."""
    said: list[object] = []
    for _ in range(rounds):
        n = engine.round
        said += engine.step(Chunk(n, float(n), n + 1.0, frames(n, 2, size, 3), 0.0))
        check_integrity(engine.context)
    return said


def spans(engine: Engine, kind: SpanKind) -> list[tuple[int, ...]]:
    return [span.tokens for span in engine.context.ledger.spans if span.kind is kind]


def test_a_question_is_in_the_next_turn_only(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    run(ours, 2)
    ours.apply(Ask(QUERY))
    run(ours, 2)
    asked = [s.round for s in ours.context.ledger.spans if s.kind is SpanKind.QUESTION]
    assert asked == [2]


def test_questions_are_answered_in_order_and_none_is_lost(checkpoint: Checkpoint) -> None:
    """Asked before the first round, they wait for the standing query; of two new queries the newer one counts."""
    ours = engine(checkpoint)
    ours.apply(Ask("Who leads?"))
    ours.apply(Ask("Who has the ball?"))
    told = []
    answers = []
    for n in range(5):
        if n == 1:
            ours.apply(Steer(query="Speak of the weather"))
            ours.apply(Steer(query="Speak of the crowd"))
        run(ours, 1)
        answers.append(ours.generator.sampler.processors.answering)
        told += [s.tokens for s in ours.context.ledger.spans if s.kind is SpanKind.QUESTION and s.round == n]
    wanted = [QUERY, "Speak of the crowd", "Who leads?", "Who has the ball?"]
    assert told == [ours.template.encode(text) for text in wanted]
    assert answers == [False, False, True, True, False]


@pytest.mark.parametrize("mode", ["streaming", "full", "recompute", "native"])
def test_a_new_context_takes_the_old_ones_place(checkpoint: Checkpoint, mode: str) -> None:
    ours = engine(checkpoint, mode)
    run(ours, 6)
    before = spans(ours, SpanKind.VISION)
    ours.apply(Steer(context="Union, in blue."))
    run(ours, 3)
    previous = spans(ours, SpanKind.PREVIOUS_TEXT)[0]
    new = ours.template.encode("Union, in blue.")
    assert previous[: len(new)] == new
    assert before
    assert len(ours.context.positions.relative(len(ours.context.ledger))[0]) <= len(ours.context.ledger)


def test_a_window_reset_starts_with_the_new_context(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint, "window")
    run(ours, 2)
    ours.apply(Steer(context="Union, in blue."))
    ours.apply(Steer(query=QUERY))
    for n in (2, 99, 100, 101):
        list(ours.step(Chunk(n, float(n), n + 1.0, frames(n, 2, (56, 84), 3), 0.0)))
    assert len(spans(ours, SpanKind.VISION)) == 2
    assert spans(ours, SpanKind.PREVIOUS_TEXT) == [ours.template.encode("Union, in blue.")]


def test_the_keys_of_a_new_context_are_its_own(checkpoint: Checkpoint) -> None:
    """Changed before anything else was said, the stream is as if the new context had been there from the start."""
    changed = engine(checkpoint)
    fresh = engine(checkpoint)
    changed.apply(Steer(context="Union, in blue."))
    fresh.context.restart("Union, in blue.")
    assert [m.tokens for m in run(changed, 4) if isinstance(m, Line)] == [
        m.tokens for m in run(fresh, 4) if isinstance(m, Line)
    ]


def test_sampling_changes_with_the_next_round(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    run(ours, 2)
    ours.apply(Adjust({"silence_threshold": 0.0}))
    quiet = [m for m in run(ours, 2) if isinstance(m, Line)]
    assert all(line.tokens[0] == ours.template.special.stop_mark[0] for line in quiet)


def test_a_snapshot_is_restored(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    run(ours, 6)
    ours.apply(Snapshot())
    memory = next(m for m in run(ours, 1) if isinstance(m, TextMemory))
    assert memory.rounds == 6
    again = engine(checkpoint)
    again.apply(Restore(memory))
    run(again, 1)
    previous = spans(again, SpanKind.PREVIOUS_TEXT)[0]
    assert previous[:20] == memory.previous_text[:20]
    assert previous[-12:] == memory.previous_text[-12:]


def limit_for(engine: Engine, entries: int) -> int:
    """Bytes of the weights and that many entries, were they all text."""
    weights = engine.model.weight_bytes
    config = engine.model.config
    return weights + entries * (config.kv_bytes_per_token(4) + config.raw_key_bytes_per_token(4))


def test_a_memory_limit_is_reported_kept_and_removed(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    size = (112, 112)
    free = [m for m in run(ours, 4, size) if isinstance(m, Stats)]
    ours.apply(LimitMemory(limit_for(ours, 280)))
    tight = run(ours, 6, size)
    told = [m for m in tight if isinstance(m, Degraded)]
    assert len(told) == 1
    assert "pixels" in told[0].what
    assert not told[0].recovered
    assert [m for m in tight if isinstance(m, Stats)][-1].kv_tokens < free[-1].kv_tokens
    ours.apply(LimitMemory(None))
    assert [m for m in run(ours, 1, size) if isinstance(m, Degraded)] == [Degraded(10, "everything", recovered=True)]


@pytest.mark.parametrize("entries", [400, 512])
@pytest.mark.parametrize("vision_s", [2, 3, 5])
@pytest.mark.parametrize("mode", MODES)
def test_a_lower_limit_holds_from_the_next_round_on(
    checkpoint: Checkpoint, mode: str, vision_s: float, entries: int
) -> None:
    """Even while larger pictures from before would still be in the window, and whatever has raw keys."""
    ours = engine(checkpoint, mode, vision_s=vision_s)
    size = (448, 448)
    before = [m.kv_bytes for m in run(ours, 3, size) if isinstance(m, Stats)]
    limit = limit_for(ours, entries)
    assert limit_for(ours, 0) + before[-1] > limit
    ours.apply(LimitMemory(limit))
    after = [m.kv_bytes for m in run(ours, 3, size) if isinstance(m, Stats)]
    assert [kv for kv in after if limit_for(ours, 0) + kv > limit] == []


def test_full_mode_keeps_everything_up_to_the_limit_and_goes_on(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint, "full")
    free = engine(checkpoint, "full")
    limit = limit_for(ours, 512)
    ours.apply(LimitMemory(limit))
    said = run(ours, 30)
    (told,) = [m for m in said if isinstance(m, Degraded)]
    assert told.what == "the windows of mode streaming"
    assert max(m.kv_bytes for m in said if isinstance(m, Stats)) <= limit - limit_for(ours, 0)
    until = [m.tokens for m in said if isinstance(m, Line)][: told.round]
    assert told.round > 8
    assert until == [m.tokens for m in run(free, told.round) if isinstance(m, Line)]
    ours.apply(LimitMemory(None))
    kept = len(ours.context.ledger)
    assert [m.recovered for m in run(ours, 6) if isinstance(m, Degraded)] == [True]
    assert len(ours.context.ledger) > kept + 5 * 6


def test_a_limit_that_cannot_be_kept_is_reported_as_such(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    ours.apply(LimitMemory(limit_for(ours, 0)))
    (told,) = [m for m in run(ours, 4) if isinstance(m, Degraded)]
    assert told.what.endswith(" MB")
    assert "still needs" in told.what


def test_a_context_longer_than_the_limit_is_trimmed_before_its_prefill(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint)
    ours.apply(Steer(context=" ".join(["Harbour v Union."] * 400)))
    limit = limit_for(ours, 512)
    ours.apply(LimitMemory(limit))
    assert len(ours.context.ledger) > 512
    assert all(limit_for(ours, 0) + m.kv_bytes <= limit for m in run(ours, 3) if isinstance(m, Stats))


def test_a_loop_is_broken_and_the_pictures_stay(checkpoint: Checkpoint) -> None:
    ours = engine(checkpoint, guard=3)
    same = iter(range(10_000))
    ours.generator.sampler.sample = lambda *_: (5, 6, ours.template.special.im_end)[next(same) % 3]  # type: ignore[method-assign]
    stats = [m for m in run(ours, 3) if isinstance(m, Stats)]
    assert stats[-1].loops_broken == 1
    assert sum(map(len, spans(ours, SpanKind.WORDS))) == 2
    assert len(spans(ours, SpanKind.VISION)) == 3
    run(ours, 4)
