"""Which frames go to the model, and how they become chunks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.types import Frame
from core.video.chunker import Chunker, FrameSampler


def frame(media_time: float, shade: int = 0, size: tuple[int, int] = (4, 6)) -> Frame:
    return Frame(np.full((*size, 3), shade, np.uint8), 100 + media_time, media_time)


def test_a_chunk_is_shown_while_it_is_collected() -> None:
    chunker = Chunker(4.0)
    assert chunker.partial() is None
    shown = []
    for second in (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0):
        chunker.add(frame(second, shade=int(100 * second)))
        begun = chunker.partial()
        shown.append(begun and (begun.index, [f[0, 0, 0] for f in begun.frames], begun.end, begun.captured_at))
    assert shown == [
        (0, [0], 1.0, 100.0), (0, [0, 25], 1.0, 100.25), (0, [0, 25, 50], 1.0, 100.5), None,
        (1, [100], 2.0, 101.0), None, (2, [200], 3.0, 102.0),
    ]  # fmt: skip


def chunks_of(chunker: Chunker, frames: list[Frame]) -> list:
    return [chunk for f in frames if (chunk := chunker.add(f)) is not None]


@given(source_fps=st.floats(5, 120), fps=st.sampled_from([1.0, 2.0, 4.0, 5.0]), seconds=st.integers(1, 12))
def test_sampler_takes_the_first_frame_at_or_after_each_sample_time(
    source_fps: float, fps: float, seconds: int
) -> None:
    times = [i / source_fps for i in range(int(seconds * source_fps) + 1)]
    sampler = FrameSampler(fps)
    taken = {sample: time for time in times if (sample := sampler.sample(time)) is not None}
    early = 0.25 / fps if source_fps < fps / 0.75 + 0.01 else 0.0
    for sample, time in taken.items():
        assert time >= sample / fps - early - 1e-5
        assert time < sample / fps + 1 / source_fps + 1e-6
    assert list(taken) == list(range(len(taken)))


@given(jitter=st.lists(st.floats(-0.1, 0.1), min_size=20, max_size=60))
def test_a_source_of_the_same_rate_that_jitters_loses_nothing(jitter: list[float]) -> None:
    sampler = FrameSampler(2.0)
    samples = [sampler.sample(i / 2 + (wobble if i else 0.0)) for i, wobble in enumerate(jitter)]
    assert samples == list(range(len(jitter)))


def test_sampler_restamps_and_keeps_the_moment_of_capture() -> None:
    sampler = FrameSampler(2.0)
    assert sampler.take(frame(0.0)) is not None
    assert sampler.take(frame(0.3)) is None
    taken = sampler.take(frame(0.53))
    assert taken is not None
    assert taken.media_time == 0.5
    assert taken.captured_at == 100.53


def test_a_clock_that_goes_back_gives_no_frame_twice() -> None:
    sampler = FrameSampler(2.0)
    assert [sampler.sample(t) for t in (0.0, 0.5, 0.1, 0.5, 1.0)] == [0, 1, None, None, 2]


@given(
    fps=st.sampled_from([1.0, 2.0, 3.0, 8.0, 30.0]),
    chunk_s=st.sampled_from([1.0, 2.0]),
    lost=st.sets(st.integers(0, 239)),
    count=st.integers(1, 240),
)
def test_every_frame_is_in_one_chunk_or_counted(fps: float, chunk_s: float, lost: set[int], count: int) -> None:
    chunker = Chunker(fps, chunk_s)
    kept = [i for i in range(count) if i not in lost]
    chunks = chunks_of(chunker, [frame(i / fps, i % 251) for i in kept])
    drop = chunker.finish()
    for chunk in chunks:
        first = chunk.index * chunker.frames
        assert np.shape(chunk.frames) == (chunker.frames, 4, 6, 3)
        assert [frame[0, 0, 0] for frame in chunk.frames] == [(first + i) % 251 for i in range(chunker.frames)]
        assert chunk.start == pytest.approx(chunk.index * chunk_s)
        assert chunk.end == pytest.approx(chunk.start + chunk_s)
        assert chunk.captured_at == pytest.approx(100 + (first + chunker.frames - 1) / fps)
    assert [chunk.index for chunk in chunks] == sorted({chunk.index for chunk in chunks})
    assert len(chunks) * chunker.frames + (drop.frames if drop else 0) == len(kept)


def test_a_chunk_leaves_with_its_last_frame_not_later() -> None:
    chunker = Chunker(2.0, 1.0)
    assert chunker.add(frame(0.0)) is None
    chunk = chunker.add(frame(0.5))
    assert chunk is not None
    assert (chunk.index, chunk.start, chunk.end) == (0, 0.0, 1.0)


def test_a_chunk_that_misses_a_frame_is_told_of_once() -> None:
    chunker = Chunker(4.0, 1.0)
    assert chunks_of(chunker, [frame(t) for t in (0, 0.25, 0.75, 1.0, 1.25, 1.5, 1.75)])[0].index == 1
    drop = chunker.take_drop()
    assert drop is not None
    assert (drop.cause, drop.frames, drop.media_time) == ("incomplete", 3, 0.75)
    assert chunker.take_drop() is None
    assert chunker.incomplete == 1


def test_a_new_size_takes_effect_with_the_whole_chunk() -> None:
    chunker = Chunker(2.0, 1.0)
    before, after = chunks_of(
        chunker,
        [frame(0.0), frame(0.5), frame(1.0, shade=90), frame(1.5, size=(8, 10), shade=30)],
    )
    assert np.shape(before.frames) == (2, 4, 6, 3)
    assert np.shape(after.frames) == (2, 8, 10, 3)
    assert after.frames[0].min() == after.frames[0].max() == 90


def test_frames_that_fill_no_chunk_are_refused() -> None:
    with pytest.raises(UsageError, match="whole number"):
        Chunker(2.5, 1.0)
