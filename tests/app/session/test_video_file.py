"""The video beside the events, read back by FFmpeg."""

from __future__ import annotations

import stat
from pathlib import Path

import av
import numpy as np
import pytest

from app.session import video_file
from app.session.video_file import VideoFile
from core.raw_picture import Colours, RawPicture

SHAPE = (90, 160, 3)


def grey(level: int, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    return np.full(shape, level, np.uint8)


def shown(path: Path) -> list[tuple[float, int]]:
    """Each picture's second and its grey."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return [(frame.time, round(float(frame.to_ndarray(format="rgb24").mean()))) for frame in frames]


def test_each_picture_has_its_own_second_however_odd(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.choice([0.001, 0.0334, 0.41, 2.7], 60)).round(4)
    video = VideoFile(tmp_path / "video.mkv", grey(0))
    for number, at in enumerate(times):
        video.add(grey(40 + 3 * number), float(at))
    video.close()
    read = shown(tmp_path / "video.mkv")
    assert len(read) == len(times) == video.frames
    assert [second for second, _ in read] == pytest.approx(times, abs=0.0006)
    assert [level for _, level in read] == pytest.approx([40 + 3 * n for n in range(60)], abs=3)
    assert stat.S_IMODE((tmp_path / "video.mkv").stat().st_mode) == 0o600


def test_a_picture_can_be_found_within_two_seconds(tmp_path: Path) -> None:
    video = VideoFile(tmp_path / "video.mkv", grey(0))
    for number in range(300):
        video.add(grey(number % 250), number / 30)
    video.close()
    with av.open(str(tmp_path / "video.mkv")) as container:
        keys = [packet.pts * packet.time_base for packet in container.demux(video=0) if packet.is_keyframe]
    assert [float(at) for at in keys] == pytest.approx([0, 2, 4, 6, 8], abs=0.05)


def test_lines_are_subtitles_and_marks_are_chapters(tmp_path: Path) -> None:
    video = VideoFile(tmp_path / "video.mkv", grey(0))
    for number in range(20):
        video.add(grey(100), number / 2)
        if number == 8:  # said about what was seen before
            video.caption(1.0, 3.0, "<b>Goal</b>\x1b[31m {\\p1}\nby Keller")
            video.mark(2.0, "the goal")
            video.mark(6.0, "")
    video.close()
    with av.open(str(tmp_path / "video.mkv")) as container:
        (packet, *_) = list(container.demux(subtitles=0))
        text = bytes(packet).decode()
        assert (packet.pts * packet.time_base, packet.duration * packet.time_base) == (1, 2)
        marks = [(chapter["start"], chapter["metadata"]["title"]) for chapter in container.chapters()]
    assert text.isprintable()
    assert not set(text) & set("<>{}")
    assert "Goal" in text
    assert [(round(start / 1e9 if start > 1e6 else start / 1e3), title) for start, title in marks] == [
        (2, "the goal"),
        (6, "Mark 2"),
    ]


def test_planes_are_encoded_as_they_are_and_keep_what_their_numbers_mean(tmp_path: Path) -> None:
    planes = np.full((144, 160), 90, np.uint8)
    planes[96:120] = 100
    planes[120:] = 160
    first = RawPicture(planes, "yuv420p", Colours(1, 1))
    video = VideoFile(tmp_path / "video.mkv", first)
    video.add(first, 0.0)
    video.add(first.rgb(), 1.0)  # as where a source changes its format
    video.close()
    with av.open(str(tmp_path / "video.mkv")) as container:
        frames = list(container.decode(video=0))
    assert [(int(frame.colorspace), int(frame.color_range)) for frame in frames] == [(1, 1)] * 2
    for frame in frames:
        assert np.abs(frame.to_ndarray().astype(int) - planes).max() <= 2
        assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - first.rgb()).max() <= 4


@pytest.mark.parametrize("form", ["rgb", "bgra", "yuv420p"])
def test_a_picture_that_stands_is_written_twice_a_second_and_lasts_to_its_end(tmp_path: Path, form: str) -> None:
    made = {
        "rgb": lambda level: grey(level),
        "bgra": lambda level: RawPicture(np.full((90, 160, 4), level, np.uint8), "bgra"),
        "yuv420p": lambda level: RawPicture(np.full((135, 160), level, np.uint8), "yuv420p"),
    }[form]
    video = VideoFile(tmp_path / "video.mkv", made(50))
    for number in range(100):
        video.add(made(50 if number < 70 else 90), number / 30)
    video.close()
    seconds = [second for second, _ in shown(tmp_path / "video.mkv")]
    assert seconds == pytest.approx([0, 0.5, 1, 1.5, 2, 70 / 30, 85 / 30, 99 / 30], abs=0.001)


@pytest.mark.parametrize(
    ("first", "size"), [((91, 161, 3), (160, 90)), ((2160, 3840, 3), (1920, 1080)), ((1, 1, 3), (2, 2))]
)
def test_sizes_that_no_encoder_takes(tmp_path: Path, first: tuple[int, ...], size: tuple[int, int]) -> None:
    video = VideoFile(tmp_path / "video.mkv", grey(0, first))
    video.add(grey(120, first), 0.0)
    video.close()
    with av.open(str(tmp_path / "video.mkv")) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == size
    assert shown(tmp_path / "video.mkv")[0][1] == pytest.approx(120, abs=3)


def test_a_source_of_another_shape_stands_between_bars(tmp_path: Path) -> None:
    video = VideoFile(tmp_path / "video.mkv", grey(0))
    video.add(grey(200), 0.0)
    video.add(grey(200, (160, 90, 3)), 1.0)
    video.close()
    with av.open(str(tmp_path / "video.mkv")) as container:
        _, tall = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert tall.shape == SHAPE
    assert tall[45, 80].mean() == pytest.approx(200, abs=6)
    assert tall[45, 5].mean() == pytest.approx(0, abs=6)


def test_a_machine_without_an_encoder_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_file, "ENCODERS", (("no_such_encoder", {}),))
    with pytest.raises(OSError, match="no video encoder"):
        VideoFile(tmp_path / "video.mkv", grey(0))
    assert not (tmp_path / "video.mkv").exists()


def test_the_next_encoder_is_taken_where_one_does_not_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_file, "ENCODERS", (("no_such_encoder", {}), ("mpeg4", {})))
    video = VideoFile(tmp_path / "video.mkv", grey(0))
    video.add(grey(90), 0.0)
    video.close()
    assert video.encoder == "mpeg4"
    assert shown(tmp_path / "video.mkv")[0][1] == pytest.approx(90, abs=4)
