"""A programme as a source: how it is written, and what it shows."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.programme import programme_kind
from app.capture.source import CaptureOptions
from core.errors import UsageError

KIND = programme_kind("demo", "football", begin_s=1.0)
AT_ONCE = CaptureOptions(pace="max", fps=2.0)


def test_a_seed_is_a_whole_number_and_0_without_one() -> None:
    names = [source.name for spec in ("demo", "demo:7") if (source := KIND.open(spec, AT_ONCE))]
    assert names == ["demo:0", "demo:7"]
    assert KIND.usage == "demo[:SEED]"
    with pytest.raises(UsageError, match="as in demo:7"):
        KIND.open("demo:x", AT_ONCE)


@pytest.mark.parametrize("spec", ["demos", "demo:", "screen", ""])
def test_another_source_is_not_its_own(spec: str) -> None:
    assert KIND.open(spec, AT_ONCE) is None
    assert not KIND.shows_again(spec)


def test_the_same_seed_shows_the_same_at_the_sample_times() -> None:
    shown = []
    for _ in range(2):
        source = KIND.open("demo:3", AT_ONCE)
        assert source is not None
        source.open()
        frames = [source.read() for _ in range(3)]
        source.close()
        shown.append([(frame.media_time, frame.image) for frame in frames if frame is not None])
    assert [at for at, _ in shown[0]] == [0.0, 0.5, 1.0]
    assert all(np.array_equal(one, other) for (_, one), (_, other) in zip(*shown, strict=True))
    assert KIND.shows_again("demo:3")


def test_an_interrupt_ends_it() -> None:
    source = KIND.open("demo", AT_ONCE)
    assert source is not None
    source.interrupt()
    assert source.read() is None
    source.close()
