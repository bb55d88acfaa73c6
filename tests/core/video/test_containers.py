"""Containers from real reports: covers, no stamps, mirrors, single pictures, old metadata, claims too large."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import SourceError
from core.video.reader import STILL_S, VideoReader

av = pytest.importorskip("av")


def pictures(path: Path, fps: float = 2.0) -> tuple[list[float], list[np.ndarray], str]:
    reader = VideoReader(path)
    found = list(reader.at_rate(fps))
    reader.close()
    return [seconds for seconds, _ in found], [image for _, image in found], reader.warning


def film(path: Path, seconds: float = 2.0, *, cover: str | None = None, form: str | None = None) -> Path:
    """Ten pictures a second, the left half white; before it a track of one red picture in the codec `cover`."""
    with av.open(str(path), "w", format=form) as container:
        if cover is not None:
            still = container.add_stream(cover, rate=25)
            still.width, still.height, still.pix_fmt = 64, 48, "yuvj420p"
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        if cover is not None:
            red = np.zeros((48, 64, 3), np.uint8)
            red[..., 0] = 255
            frame = av.VideoFrame.from_ndarray(red, format="rgb24")
            frame.pts, frame.time_base = 0, Fraction(1, 25)
            container.mux(still.encode(frame))
        for index in range(round(seconds * 10)):
            image = np.zeros((48, 64, 3), np.uint8)
            image[:, :32] = 255
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def with_matrix(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """The MP4 with another a, b, c, d in the display matrix of its first track."""
    one = 1 << 16
    plain = struct.pack(">9i", one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    a, b, c, d = (value * one for value in matrix)
    turned = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    data = path.read_bytes()
    place = data.index(plain, data.index(b"tkhd"))
    path.write_bytes(data[:place] + turned + data[place + len(plain) :])
    return path


@pytest.mark.parametrize("container", ["a.mkv", "a.mov"])
def test_a_cover_before_the_film_is_not_watched(tmp_path: Path, container: str) -> None:
    times, images, warning = pictures(film(tmp_path / container, cover="mjpeg"))
    assert times == [0, 0.5, 1.0, 1.5]
    assert images[0][:, :24].min() > 200
    assert warning == ""


def test_raw_h264_has_no_stamps_and_plays(tmp_path: Path) -> None:
    times, _, warning = pictures(film(tmp_path / "a.h264", form="h264"))
    assert 0.5 < times[-1] < 2.5
    assert warning == ""


@pytest.mark.parametrize(
    ("matrix", "white"),
    [
        ((-1, 0, 0, 1), np.s_[:, 40:]),  # mirrored
        ((1, 0, 0, -1), np.s_[:, :24]),  # upside down, not turned
        ((-1, 0, 0, -1), np.s_[:, 40:]),
        ((0, 1, -1, 0), np.s_[:24]),  # a quarter clockwise: left goes up
        ((0, -1, 1, 0), np.s_[40:]),
        ((0, 1, 1, 0), np.s_[:24]),  # a quarter and mirrored
        ((0, -1, -1, 0), np.s_[40:]),
    ],
)
def test_mirrored_and_turned_films(tmp_path: Path, matrix: tuple[int, int, int, int], white: object) -> None:
    _, images, _ = pictures(with_matrix(film(tmp_path / "a.mp4"), matrix))
    assert images[0].shape == ((48, 64, 3) if matrix[0] else (64, 48, 3))
    assert images[0][white].mean() > 200
    assert images[0].mean() < 140


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.webp", "a.tiff", "a.gif"])
def test_a_single_picture_is_shown_for_a_while(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (40, 30), "white").save(tmp_path / name)
    times, images, warning = pictures(tmp_path / name)
    assert times == [k / 2 for k in range(int(STILL_S * 2))]
    assert images[-1].mean() > 250
    assert warning == ""


@pytest.mark.parametrize("name", ["a.gif", "a.apng", "a.webp", "a.avif"])
def test_animated_pictures_play(tmp_path: Path, name: str) -> None:
    shades = [Image.new("RGB", (40, 30), (value,) * 3) for value in (0, 80, 160, 240)]
    form = {"apng": "PNG"}.get(name[2:], name[2:].upper())
    shades[0].save(tmp_path / name, format=form, save_all=True, append_images=shades[1:], duration=500, loop=0)
    times, images, _ = pictures(tmp_path / name)
    assert times[:4] == [0, 0.5, 1.0, 1.5]
    assert [round(float(image.mean())) for image in images[:4]] == pytest.approx([0, 80, 160, 240], abs=6)


def test_metadata_in_latin_1_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.avi"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "Caf########"
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    path.write_bytes(path.read_bytes().replace(b"Caf########", "Café caf\xe9 1".encode("latin-1")))
    assert pictures(path)[0] == [0, 0.5]


def test_a_claim_that_is_too_large_is_refused_in_words(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 16000, 16000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    with pytest.raises(SourceError) as caught:
        pictures(path)
    assert "16000 x 16000" in str(caught.value) or "no picture can be read" in str(caught.value)
