from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.data.clip import clip_frames
from core.errors import SourceError
from core.video.reader import VideoReader


def number_shown(image: np.ndarray) -> int:
    return round((float(image.mean()) - 20) / 18) % 12


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize("start", [0.0, 3.0, 7.5, 12.25])
def test_a_piece_begins_where_it_should(make_video: Callable[..., Path], suffix: str, start: float) -> None:
    path = make_video(f"game.{suffix}", seconds=20, fps=8)
    frames = clip_frames(path, start, start + 4, fps=2)
    assert [number_shown(frame) for frame in frames] == [(round(start * 8) + 4 * k) % 12 for k in range(8)]


def test_the_same_pictures_as_reading_from_the_start(make_video: Callable[..., Path]) -> None:
    path = make_video("game.mp4", seconds=12, fps=8)
    reader = VideoReader(path)
    whole = {round(time, 3): image for time, image in reader.at_rate(2)}
    reader.close()
    for k, frame in enumerate(clip_frames(path, 6, 10, fps=2)):
        assert np.array_equal(frame, whole[6 + k / 2])


def test_a_slow_video_holds_its_pictures(make_video: Callable[..., Path]) -> None:
    path = make_video("slides.mkv", seconds=20, fps=1)
    frames = clip_frames(path, 4, 8, fps=2)
    assert [number_shown(frame) for frame in frames] == [4, 4, 5, 5, 6, 6, 7, 7]


def test_decoding_stops_where_the_piece_ends(make_video: Callable[..., Path]) -> None:
    """The rest of the file is never touched: it may be damaged."""
    path = make_video("game.mkv", seconds=30, fps=8, gop=8)
    data = bytearray(path.read_bytes())
    whole = clip_frames(path, 2, 6)
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(data)
    assert all(np.array_equal(a, b) for a, b in zip(clip_frames(path, 2, 6), whole, strict=True))


def test_a_video_that_ends_too_soon_is_named(make_video: Callable[..., Path]) -> None:
    path = make_video("short.mp4", seconds=5, fps=8)
    assert len(clip_frames(path, 0, 5)) == 10
    with pytest.raises(SourceError, match=r"short\.mp4 has no picture at 5\.\d s"):
        clip_frames(path, 3, 7)


@pytest.mark.parametrize(
    ("content", "told"), [(None, "does not exist"), (b"", "0 bytes"), (b"no video" * 99, "cannot be decoded")]
)
def test_what_is_no_video_is_named(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "broken.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=told):
        clip_frames(path, 0, 4)
