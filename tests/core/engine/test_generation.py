"""Drafting changes the cost of a line, never the line: whatever is drafted, the same ids and the same cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import torch

from core.assets import BUNDLED
from core.config import CacheConfig, SamplingConfig, StreamConfig, resolve
from core.engine.engine import Engine
from core.engine.integrity import check_integrity
from core.errors import CheckpointError
from core.eval.episode_stream import direct_stream
from core.messages import Line, Stats
from core.model.checkpoint import Checkpoint, load
from core.programmes.catalogue import find
from core.programmes.football.fixture import Fixture
from core.types import Chunk
from tests.parity.checkpoints import frames, write_checkpoint

CPU = torch.device("cpu")
Drafting = Callable[[Iterable[int], int], list[int]]


def nothing(ids: Iterable[int], limit: int) -> list[int]:
    return []


def nonsense(ids: Iterable[int], limit: int) -> list[int]:
    return [7, 8, 9, 10, 11][:limit]


def spoken(checkpoint: Checkpoint, sampling: SamplingConfig, drafting: Drafting | None) -> tuple[list[object], Engine]:
    """Lines and cache lengths of 8 rounds, with the engine's own drafts or with others."""
    cache = CacheConfig(text_rounds=3, vision_window_s=3, sink_tokens=8, text_window_tokens=10)
    ours = Engine(checkpoint, StreamConfig(size="native", cache=cache, sampling=sampling), CPU)
    if drafting:
        ours.generator.proposer.propose = drafting  # type: ignore[method-assign]
    said: list[object] = []
    for n in range(8):
        messages = list(ours.step(Chunk(n, float(n), n + 1.0, frames(n % 3, 2, (56, 84), 3), 0.0)))
        check_integrity(ours.context)
        said += [(m.tokens, m.text) for m in messages if isinstance(m, Line)]
        said += [m.kv_tokens for m in messages if isinstance(m, Stats)]
    return said, ours


@pytest.mark.parametrize(
    ("greedy", "penalty", "limit"), [(True, 1.0, 8), (True, 1.1, 2), (False, 1.1, 6), (False, 1.0, 1)]
)
def test_the_line_is_the_same_whatever_is_drafted(
    checkpoint: Checkpoint, greedy: bool, penalty: float, limit: int
) -> None:
    sampling = SamplingConfig(greedy=greedy, repetition_penalty=penalty, seed=3, max_new_tokens=limit, temperature=0.3)
    plain, _ = spoken(checkpoint, sampling, nothing)
    for drafting in (None, nonsense, _prophet(plain)):
        drafted, ours = spoken(checkpoint, sampling, drafting)
        assert drafted == plain
    assert ours.generator.proposer.accepted == ours.generator.proposer.drafted > 0 or limit == 1


def _prophet(said: list[object]) -> Drafting:
    """Drafts every line to its end, since it knows them."""
    lines = iter([item[0] for item in said if isinstance(item, tuple)])

    def drafting(ids: Iterable[int], limit: int) -> list[int]:
        line = next(lines)
        return list(line[: min(limit, len(line) - 1)])

    return drafting


def test_the_bundled_model_says_the_same_in_fewer_runs() -> None:
    lines = {}
    for drafting in (None, nothing):
        config = resolve({"context": Fixture(5).context(), "device": "cpu"})
        ours = Engine(load(Path(BUNDLED), CPU, torch.float32), config, CPU)
        if drafting:
            ours.generator.proposer.propose = drafting  # type: ignore[method-assign]
        runs = _counted(ours)
        said = [
            m.tokens
            for c in direct_stream(find("football"), 5, 40, 2.0, True).chunks
            for m in ours.step(c)
            if isinstance(m, Line)
        ]
        check_integrity(ours.context)
        lines[drafting] = said, len(runs)
    (drafted, fewer) = lines[None]
    (plain, runs_needed) = lines[nothing]
    assert drafted == plain
    assert fewer < 0.6 * runs_needed


def _counted(engine: Engine) -> list[int]:
    """Grows by one with each run of the decoder behind the prefill."""
    runs: list[int] = []
    decode = engine.runner.decode
    engine.runner.decode = lambda ids: (runs.append(len(ids)), decode(ids))[1]  # type: ignore[method-assign]
    return runs


@pytest.mark.parametrize("sampling", [SamplingConfig(greedy=True), SamplingConfig(), SamplingConfig(min_words=3)])
@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_logits_that_are_not_finite_end_the_stream_before_a_word(
    tmp_path: Path, sampling: SamplingConfig, number: float
) -> None:
    damaged = load(write_checkpoint(tmp_path, 4, layers=1, vision_layers=1), CPU, torch.float32)
    damaged.model.decoder.norm.weight[0] = number
    engine = Engine(damaged, StreamConfig(size="native", sampling=sampling), CPU)
    said: list[object] = []
    with pytest.raises(CheckpointError, match="logits are not finite"):
        said.extend(engine.step(Chunk(0, 0.0, 1.0, frames(0, 2, (56, 84), 3), 0.0)))
    assert not said
