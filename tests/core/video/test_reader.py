"""Real video files, made here."""

from __future__ import annotations

import math
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import SourceError
from core.video.folder import PictureFolder
from core.video.reader import MOST_THREADS, VideoReader

av = pytest.importorskip("av")

SIZE = (96, 64)  # width, height


def write_video(path: Path, times: list[float], *, pixel_ratio: Fraction | None = None, codec: str = "libx264") -> Path:
    """A video whose picture at `times[i]` has the brightness i * 5, its left edge white."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            codec, rate=30, options={"preset": "ultrafast", "crf": "4"} if "264" in codec else {}
        )
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, 1000)
        stream.codec_context.time_base = Fraction(1, 1000)
        if pixel_ratio is not None:
            stream.codec_context.sample_aspect_ratio = pixel_ratio
        for index, seconds in enumerate(times):
            image = np.full((SIZE[1], SIZE[0], 3), index * 5, np.uint8)
            image[:, :8] = 255
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = round(seconds * 1000)
            frame.time_base = Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def read(path: Path, fps: float) -> tuple[list[float], list[np.ndarray], str]:
    reader = VideoReader(path)
    pictures = list(reader.at_rate(fps))
    reader.close()
    return [time for time, _ in pictures], [image for _, image in pictures], reader.warning


def shades(images: list[np.ndarray]) -> list[int]:
    return [round(float(image[:, 20:].mean()) / 5) for image in images]


def test_a_steady_file_gives_the_frames_of_the_sample_times(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [i / 10 for i in range(40)])
    times, images, warning = read(path, 2.0)
    assert times == [i / 2 for i in range(8)]
    assert shades(images) == [0, 5, 10, 15, 20, 25, 30, 35]
    assert images[0].shape == (SIZE[1], SIZE[0], 3)
    assert images[0].dtype == np.uint8
    assert images[0].flags.c_contiguous
    assert warning == ""


def test_between_rare_frames_the_last_one_holds(tmp_path: Path) -> None:
    times, images, warning = read(write_video(tmp_path / "a.mkv", [0, 0.1, 0.2, 2.6, 2.7, 3.0]), 2.0)
    assert times[:7] == [0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert shades(images[:7]) == [0, 0, 0, 0, 0, 3, 5]
    assert warning == ""


def test_wide_pixels_become_square(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [0, 0.5, 1.0], pixel_ratio=Fraction(2, 1))
    _, images, _ = read(path, 1.0)
    assert images[0].shape == (SIZE[1], 2 * SIZE[0], 3)


def test_a_turned_file_stands_upright(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [0, 0.5, 1.0])
    one = (1 << 16).to_bytes(4, "big")
    minus_one = (0xFFFF0000).to_bytes(4, "big")
    as_it_is = one + bytes(12) + one
    turned = bytes(4) + one + bytes(4) + minus_one + bytes(4)
    data = path.read_bytes()
    matrix = data.index(as_it_is, data.index(b"tkhd"))
    path.write_bytes(data[:matrix] + turned + data[matrix + len(as_it_is) :])
    _, images, _ = read(path, 1.0)
    assert images[0].shape == (SIZE[0], SIZE[1], 3)
    assert images[0][:6].mean() > 240  # turned clockwise, the white left edge is at the top


def test_a_cut_file_plays_until_the_damage_and_says_so(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [i / 5 for i in range(50)])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])
    times, images, warning = read(path, 2.0)
    assert 2.0 < times[-1] < 8.0
    assert shades(images) == [math.ceil(time * 5) for time in times]
    assert "cut off" in warning or "damaged" in warning


def test_an_mp4_without_its_index_is_no_video(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [i / 10 for i in range(40)])
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(SourceError, match="Not a video"):
        VideoReader(path)


@pytest.mark.parametrize("name", ["none.mp4", "text.mp4", "folder"])
def test_what_is_no_video_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.mp4").write_text("not a video at all\n" * 40)
    (tmp_path / "folder").mkdir()
    with pytest.raises(SourceError) as caught:
        VideoReader(tmp_path / name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(SourceError, match="no picture track"):
        VideoReader(path)


def test_a_folder_gives_its_pictures_by_name_and_exactly(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (3, 10, 12, 3), np.uint8)
    for name, image in zip(("b.png", "a.png", "c.PNG"), images, strict=True):
        Image.fromarray(image).save(tmp_path / name, format="png")
    (tmp_path / "notes.txt").write_text("no picture")
    read_back = list(PictureFolder(tmp_path).pictures())
    assert all(np.array_equal(found, images[i]) for found, i in zip(read_back, (1, 0, 2), strict=True))


def test_a_folder_without_pictures_and_a_broken_picture(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No pictures"):
        PictureFolder(tmp_path)
    with pytest.raises(SourceError, match="No such folder"):
        PictureFolder(tmp_path / "none")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(SourceError, match="Damaged picture"):
        list(PictureFolder(tmp_path).pictures())


def read_from(path: Path, fps: float, begin_s: float) -> tuple[list[float], list[int], int]:
    """Times, shades, and how many pictures were decoded for them."""
    decoded: list[int] = []
    reader = VideoReader(path)
    reader.seek(begin_s)
    pictures = list(reader.at_rate(fps, lambda: decoded.append(1), begin_s=begin_s))
    reader.close()
    return [time for time, _ in pictures], shades([image for _, image in pictures]), len(decoded)


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.ts", "a.avi", "a.h264"])
def test_a_film_can_be_begun_in_the_middle(tmp_path: Path, name: str) -> None:
    codec = "libx264" if name != "a.avi" else "mpeg4"
    path = write_video(tmp_path / name, [i / 10 for i in range(50)], codec=codec)
    whole = read_from(path, 2.0, 0.0)
    times, found, _ = read_from(path, 2.0, 1.0)
    assert len(times) > 1
    assert whole[0][2:] == times
    assert whole[1][2:] == found


def test_what_lies_before_is_not_decoded_where_there_are_key_frames(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [i / 10 for i in range(50)], codec="ffv1")
    times, _, decoded = read_from(path, 2.0, 4.0)
    assert times == [4.0, 4.5]
    assert decoded <= 25
    stream = write_video(tmp_path / "a.ts", list(range(50)), codec="mpeg4")
    times, found, decoded = read_from(stream, 1.0, 40.0)
    assert times == list(range(40, 50))
    assert found == pytest.approx(times, abs=1)
    assert decoded <= 36


def test_a_picture_that_stands_is_there_where_one_begins(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [0.0, 5.0, 10.0])
    times, found, _ = read_from(path, 1.0, 7.0)
    assert times[:4] == [7.0, 8.0, 9.0, 10.0]
    assert found[:4] == [1, 1, 1, 2]


@pytest.mark.parametrize("name", ["a.mkv", "a.ts", "a.h264"])
def test_beginning_behind_the_end_is_said(tmp_path: Path, name: str) -> None:
    path = write_video(tmp_path / name, [i / 10 for i in range(20)])
    with pytest.raises(SourceError, match=r"ends before 9 s"):
        read_from(path, 2.0, 9.0)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
def test_few_threads_decode_however_many_cores_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    path = write_video(tmp_path / "a.mkv", [i / 10 for i in range(40)])
    before = len(os.listdir("/proc/self/task"))
    reader = VideoReader(path)
    counted = [len(os.listdir("/proc/self/task")) for _ in reader.at_rate(2.0)]
    reader.close()
    assert max(counted) - before == MOST_THREADS
