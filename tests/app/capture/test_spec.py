"""Sources that need no screen: what SOURCE means, the arena, files, folders."""

from __future__ import annotations

import threading
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.capture.media_clock import JUMP_S, MediaClock
from app.capture.pacer import Pacer, Ticker
from app.capture.source import CaptureOptions, Source
from app.capture.spec import KINDS, USAGE, open_source
from core.errors import SourceError, UsageError
from core.types import Frame

av = pytest.importorskip("av")


def all_frames(source: Source, most: int = 1000) -> list[Frame]:
    """Open, read to the end (or `most` frames) and close."""
    source.open()
    frames: list[Frame] = []
    while len(frames) < most and (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Two seconds at 10 frames a second."""
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width = 64
        stream.height = 48
        stream.pix_fmt = "yuv420p"
        for index in range(20):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), index * 10, np.uint8), format="rgb24")
            frame.pts = index
            frame.time_base = Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[Path, np.ndarray]:
    """A folder of six pictures, and what is in them."""
    images = np.random.default_rng(0).integers(0, 256, (6, 20, 30, 3), np.uint8)
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{number}.png")
    return folder, images


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("arena", "arena:0"),
        ("arena:7", "arena:7"),
        ("screen", "screen:1"),
        ("screen:2", "screen:2"),
        ("region:-10,20,300,200", "region:-10,20,300,200"),
        ("camera", "camera:0"),
        ("camera:3", "camera:3"),
        ("window:A title: with a colon", "window:A title: with a colon"),
        ("rtsp://user:secret@camera.local/live", "rtsp://camera.local/live"),
        ("udp://127.0.0.1:5000", "udp://127.0.0.1:5000"),
        ("https://example.org/a.m3u8", "https://example.org/a.m3u8"),
    ],
)
def test_every_form_of_source(spec: str, name: str) -> None:
    assert open_source(spec, CaptureOptions()).name == name


@pytest.mark.parametrize(
    "spec", ["", "nothing", "arena:", "arena:-1", "screen:0", "region:1,2,3", "region:0,0,0,9", "ftp"]
)
def test_an_unknown_form_names_the_right_ones(spec: str) -> None:
    with pytest.raises(UsageError):
        open_source(spec, CaptureOptions())


def test_the_readme_tells_of_every_kind(checkout: Path) -> None:
    told = " ".join((checkout / "README.md").read_text("utf-8").replace("`", "").split())
    assert not [kind.usage for kind in KINDS if kind.usage not in told]
    assert all(kind.usage in USAGE for kind in KINDS)


def test_every_entry_of_the_windows_list_is_a_source() -> None:
    entries = [entry for kind in KINDS for entry in kind.entries(2)]
    specs = [entry.spec for entry in entries if entry.then == "start"]
    assert specs == ["arena", "screen:1", "screen:2", "camera"]
    assert all(open_source(spec, CaptureOptions()).name for spec in specs)


def test_a_path_that_looks_like_a_form_is_still_found(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video.rename(video.with_name("match"))
    monkeypatch.chdir(video.parent)
    assert open_source("match", CaptureOptions()).name == "match"


def test_the_arena_at_pace_max_draws_the_sample_times() -> None:
    frames = all_frames(open_source("arena:3", CaptureOptions(fps=4, pace="max")), most=6)
    assert [frame.media_time for frame in frames] == [0, 0.25, 0.5, 0.75, 1.0, 1.25]
    assert frames[0].image.shape == (720, 1280, 3)
    assert frames[0].image.flags.c_contiguous
    again = all_frames(open_source("arena:3", CaptureOptions(fps=4, pace="max")), most=6)
    assert np.array_equal(frames[5].image, again[5].image)
    other = all_frames(open_source("arena:4", CaptureOptions(fps=4, pace="max")), most=1)
    assert not np.array_equal(frames[0].image, other[0].image)


def test_the_arena_live_keeps_real_time() -> None:
    source = open_source("arena", CaptureOptions(fps=2, preview_fps=10))
    assert not source.live  # the kick-off waits for the model
    assert source.context
    frames = all_frames(source, most=12)
    passed = frames[-1].captured_at - frames[1].captured_at
    assert passed == pytest.approx(frames[-1].media_time - frames[1].media_time, abs=0.1)


def test_a_file_at_pace_max_gives_the_sample_times(video: Path) -> None:
    source = open_source(str(video), CaptureOptions(fps=5, pace="max"))
    begun = time.monotonic()
    frames = all_frames(source)
    assert [frame.media_time for frame in frames] == pytest.approx([i / 5 for i in range(10)])
    assert time.monotonic() - begun < 1.0
    assert source.warning == ""
    assert not source.live


def test_a_file_live_takes_its_time_from_when_it_is_let_go(video: Path) -> None:
    source = open_source(str(video), CaptureOptions(fps=2, preview_fps=10))
    source.open()
    assert source.read() is not None
    time.sleep(0.3)  # the model loads
    begun = time.monotonic()
    while (frame := source.read()) is not None:
        assert time.monotonic() - begun >= frame.media_time - 0.02
    assert time.monotonic() - begun == pytest.approx(1.9, abs=0.3)
    source.close()


def test_interrupt_ends_a_wait_at_once(pictures: tuple[Path, np.ndarray]) -> None:
    source = open_source(f"frames:{pictures[0]}", CaptureOptions(fps=0.1))
    source.open()
    source.read()
    threading.Timer(0.1, source.interrupt).start()
    begun = time.monotonic()
    assert source.read() is None
    assert time.monotonic() - begun < 1.0
    assert source.read() is None
    source.close()


def test_a_folder_is_lossless(pictures: tuple[Path, np.ndarray]) -> None:
    folder, images = pictures
    frames = all_frames(open_source(f"frames:{folder}", CaptureOptions(fps=2, pace="max")))
    assert [frame.media_time for frame in frames] == [0, 0.5, 1.0, 1.5, 2.0, 2.5]
    assert all(np.array_equal(frame.image, image) for frame, image in zip(frames, images, strict=True))


@pytest.mark.parametrize("spec", ["none.mp4", "frames:none", "/no/such/file"])
def test_what_is_not_there_is_said_before_any_model_loads(spec: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match="No such"):
        open_source(spec, CaptureOptions())


@given(rate=st.sampled_from([2.0, 8.0, 12.5]), preview=st.floats(1, 60))
def test_a_live_source_always_has_the_sample_times_among_its_own(rate: float, preview: float) -> None:
    times = CaptureOptions(fps=rate, preview_fps=preview).rate / rate
    assert times >= 1
    assert times == round(times)


def test_a_ticker_skips_what_it_missed() -> None:
    ticker = Ticker(50.0)
    first = [ticker.tick() for _ in range(3)]
    assert first == [0.0, 0.02, 0.04]
    time.sleep(0.2)
    late = ticker.tick()
    assert late is not None
    assert late >= 0.2
    ticker.interrupt()
    assert ticker.tick() is None


def test_a_pacer_never_waits_for_the_past() -> None:
    pacer = Pacer()
    begun = time.monotonic()
    assert pacer.wait(5.0)
    assert pacer.wait(5.0)
    assert pacer.wait(1.0)
    assert time.monotonic() - begun < 0.2


@given(jitter=st.lists(st.floats(0, 0.5), min_size=2, max_size=30))
def test_stamps_are_followed_and_jumps_are_not(jitter: list[float]) -> None:
    clock = MediaClock()
    arrivals = [10 + index / 10 + late for index, late in enumerate(jitter)]
    times = [clock.at(7000 + index / 10, arrival) for index, arrival in enumerate(arrivals)]
    assert times == pytest.approx([index / 10 for index in range(len(jitter))])
    after = clock.at(3.0, arrivals[-1] + 0.1)
    assert abs(after - (arrivals[-1] + 0.1 - arrivals[0])) < JUMP_S
    assert MediaClock().at(None, 5.0) == 0.0
