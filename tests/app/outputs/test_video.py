"""Video as an output: what is written, what is left out, and that nothing ever waits for it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest

from app.outputs import video
from app.outputs.output_kind import StreamRun
from app.outputs.video import VIDEO_RECORDING, VideoRecording
from app.outputs.video_options import VideoOptions
from app.settings import Settings
from core.config import resolve
from core.messages import Failure, Line, Marked, Message, SessionFolder
from core.types import Frame
from tests.quiet_clock import lost_s

FPS = 30
SHAPE = (1080, 1920, 3)


def frame(image: np.ndarray, at: float) -> Frame:
    return Frame(image, time.monotonic(), at)


def line(start: float, text: str) -> Line:
    return Line(int(start), start, start + 1, text, 1.0, 1.1)


def seconds(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(packet.pts * packet.time_base) for packet in container.demux(video=0) if packet.size]


def captions(path: Path) -> list[tuple[float, float, str]]:
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(subtitles=0) if packet.size]
        return [(float(p.pts * p.time_base), float(p.duration * p.time_base), bytes(p).decode()) for p in packets]


@pytest.fixture
def told() -> list[Message]:
    return []


def test_what_was_watched_and_said(tmp_path: Path, told: list[Message]) -> None:
    recording = VideoRecording(VideoOptions(), told.append, waits=True)
    recording.handle(SessionFolder(str(tmp_path)))
    recording.handle(Marked(0.0, "before the first picture"))
    for number in range(300):
        at = number / FPS
        picture = np.full((90, 160, 3), number % 200, np.uint8)
        recording.take(frame(picture, at), at if number % 15 == 0 else None)
        if number == 70:
            recording.handle(line(1.0, "Goal!"))
            recording.handle(line(2.0, ""))
            recording.handle(Marked(2.0, "the goal"))
        if number == 150:
            recording.handle(line(4.0, "Again!"))
    recording.close()
    assert seconds(tmp_path / "video.mkv") == pytest.approx([n / FPS for n in range(300)], abs=0.001)
    assert captions(tmp_path / "video.mkv") == [(1.0, 3.0, "Goal!"), (4.0, 4.0, "Again!")]
    with av.open(str(tmp_path / "video.mkv")) as container:
        titles = [chapter["metadata"]["title"] for chapter in container.chapters()]
    assert titles == ["before the first picture", "the goal"]
    assert sorted(path.name for path in (tmp_path / "seen").iterdir()) == [
        "1.000.jpg", "1.500.jpg", "4.000.jpg", "4.500.jpg"
    ]  # fmt: skip
    assert {"0.000.jpg", "1.500.jpg", "4.500.jpg"} <= {path.name for path in (tmp_path / "thumbnails").iterdir()}
    assert (recording.frames_written, recording.frames_dropped, recording.frames_thinned) == (300, 0, 0)
    assert told == []


def test_at_a_pace_that_waits_a_kill_costs_three_pictures_at_most(tmp_path: Path, told: list[Message]) -> None:
    recording = VideoRecording(VideoOptions(), told.append, waits=True)
    recording.handle(SessionFolder(str(tmp_path)))
    for number in range(12):
        recording.take(frame(np.full(SHAPE, 20 * number, np.uint8), number / 2), number / 2)
        if number >= 3:  # its words come after it; Matroska and what interleaves its tracks hold a picture each
            assert seconds(tmp_path / "video.mkv")[-1] >= (number - 3) / 2
    recording.close()
    assert told == []


def test_it_costs_at_most_a_quarter_of_a_core_and_leaves_out_no_frame_of_the_models(
    tmp_path: Path, told: list[Message]
) -> None:
    """1080p at 30 frames a second in which everything moves: more than a core could encode in that share."""
    noise = np.random.default_rng(0).integers(0, 255, (68, 120, 3), np.uint8)
    still = np.kron(noise, np.ones((16, 16, 1), np.uint8))[: SHAPE[0], : SHAPE[1]]
    pictures = [np.ascontiguousarray(np.roll(still, 5 * number, axis=1)) for number in range(12)]
    recording = VideoRecording(VideoOptions(), told.append)
    recording.handle(SessionFolder(str(tmp_path)))
    began = time.monotonic()
    late = lost_s()
    longest = 0.0
    for number in range(5 * FPS):
        before = time.monotonic()
        recording.take(frame(pictures[number % 12], number / FPS), number / FPS if number % 15 == 0 else None)
        longest = max(longest, time.monotonic() - before)
        time.sleep(max(0.0, began + (number + 1) / FPS - time.monotonic()))
    taken = time.monotonic() - began
    late = lost_s() - late
    thread = next(thread for thread in threading.enumerate() if thread.name == "video")
    spent = time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
    recording.close()
    kept = seconds(tmp_path / "video.mkv")
    assert spent / taken < 0.25 + 0.05  # a burst at the start
    assert all(any(abs(at - number / 2) < 0.002 for at in kept) for number in range(10))
    assert recording.frames_written + recording.frames_dropped + recording.frames_thinned == 5 * FPS
    assert longest < 0.1 + late
    assert told == []


def test_the_video_stops_at_a_floor_of_free_space_and_says_so_once(
    tmp_path: Path, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "FreeSpace", lambda folder: video_space(folder))
    recording = VideoRecording(VideoOptions(), told.append, waits=True)
    recording.handle(SessionFolder(str(tmp_path)))
    for number in range(10):
        recording.take(frame(np.zeros((90, 160, 3), np.uint8), number / 10), None)
    recording.handle(line(0.0, "and on it goes"))
    recording.close()
    (failure,) = told
    assert isinstance(failure, Failure)
    assert not failure.fatal
    assert "nearly full" in failure.message


def video_space(folder: Path) -> object:
    from app.session.free_space import FreeSpace

    return FreeSpace(folder, floor_bytes=1 << 60)


def test_a_folder_that_goes_ends_the_video_and_its_successor_gets_another(tmp_path: Path, told: list[Message]) -> None:
    recording = VideoRecording(VideoOptions(), told.append, waits=True)
    picture = np.zeros((90, 160, 3), np.uint8)
    recording.handle(SessionFolder(str(tmp_path / "never made")))
    recording.take(frame(picture, 0.0), None)
    (tmp_path / "next").mkdir()
    recording.handle(SessionFolder(str(tmp_path / "next")))
    for number in range(5):
        recording.take(frame(picture, 1 + number), None)
    recording.close()
    assert seconds(tmp_path / "next" / "video.mkv") == [1, 2, 3, 4, 5]
    assert [type(message) for message in told] == [Failure]


def test_an_encoder_that_fails_ends_the_video_alone_and_nothing_waits_for_it(
    tmp_path: Path, told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.session.video_file.ENCODERS", (("libx264", {"preset": "no such preset"}),))
    recording = VideoRecording(VideoOptions(), told.append, waits=True)
    recording.handle(SessionFolder(str(tmp_path)))
    for number in range(50):
        recording.take(frame(np.zeros((90, 160, 3), np.uint8), number / 10), None)
    recording.close()
    (failure,) = told
    assert isinstance(failure, Failure)
    assert "no video encoder" in failure.message


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        (Settings(), False),
        (Settings(outputs={"video": {}}), True),
        (Settings(outputs={"video": {"on": False}}), False),
        (Settings(record=False, outputs={"video": {}}), False),
    ],
)
def test_the_window_asks_for_it_beside_a_session(told: list[Message], settings: Settings, asked: bool) -> None:
    takers: list[object] = []
    run = StreamRun("arena", "arena", resolve({}), told.append, lambda line: None, watch_frames=takers.append)
    recording = VIDEO_RECORDING.from_settings(settings, run)
    assert (recording is not None) == asked
    assert len(takers) == asked
