"""The runner of a CPU: the same as the reference, and no shape that comes late."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from core.assets import BUNDLED
from core.config import resolve
from core.engine.backends.cpu import attention, linear
from core.engine.backends.cpu.linear import OnednnLinear
from core.engine.backends.cpu.runner import CpuRunner
from core.engine.backends.reference import ReferenceRunner
from core.engine.backends.sdpa import SdpaAttention
from core.engine.engine import Engine
from core.eval.episode_stream import direct_stream
from core.messages import Line
from core.model.checkpoint import load
from core.programmes.catalogue import find
from core.programmes.football.programme import FootballEpisode

CPU = torch.device("cpu")


def test_a_stream_says_the_same_as_with_the_reference() -> None:
    """Greedy lines, so that a difference in any logits that matters shows."""
    said = []
    for runner in (CpuRunner, ReferenceRunner):
        engine = Engine(load(BUNDLED, CPU, torch.float32), resolve({"greedy": True}), CPU)
        if runner is ReferenceRunner:
            plain = load(BUNDLED, CPU, torch.float32).model
            assert not [m for m in plain.modules() if isinstance(m, OnednnLinear)]
            engine.runner = ReferenceRunner(plain, engine.context, SdpaAttention())
        assert isinstance(engine.runner, runner)
        chunks = direct_stream(find("football"), 3, 25, 2.0, True).chunks
        said.append([m.tokens for chunk in chunks for m in engine.step(chunk) if isinstance(m, Line)])
    assert said[0] == said[1]
    assert any(len(tokens) > 3 for tokens in said[0])


def test_a_second_engine_leaves_the_layers_of_the_first() -> None:
    checkpoint = load(BUNDLED, CPU, torch.float32)
    Engine(checkpoint, resolve({}), CPU)
    layers = [m for m in checkpoint.model.modules() if isinstance(m, nn.Linear)]
    Engine(checkpoint, resolve({}), CPU)
    assert all(isinstance(layer, OnednnLinear) for layer in layers)
    assert [m for m in checkpoint.model.modules() if isinstance(m, nn.Linear)] == layers


def test_no_shape_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """After hours time stamps are longer: more tokens a turn, and more entries."""
    seen: set[tuple[int, torch.Size, tuple[int, ...]]] = set()

    def noted(x: Tensor, weight: Tensor, bias: Tensor | None = None, pads: bool = True) -> Tensor:
        rows = linear.padded_rows(x.shape[:-1].numel()) if pads else x.shape[:-1].numel()
        seen.add((rows, weight.shape, () if weight.is_mkldnn else weight.stride()))
        return product(x, weight, bias, pads)

    product = linear.product
    monkeypatch.setattr(linear, "product", noted)
    monkeypatch.setattr(attention, "product", noted)
    engine = Engine(load(BUNDLED, CPU, torch.float32), resolve({"context": FootballEpisode(3).context}), CPU)
    chunks = list(direct_stream(find("football"), 3, 60, 2.0, True).chunks)
    for chunk in chunks[:40]:
        list(engine.step(chunk))
    early = set(seen)
    for chunk in chunks[40:]:
        list(engine.step(replace(chunk, start=chunk.start + 10_000, end=chunk.end + 10_000)))
    assert seen == early
