"""Files as cameras, phones, disks and strangers leave them, each made from nothing."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

FPS = 10
Write = Callable[[Path], Path]
"""Makes the file in a folder and says where it is."""


def bars(width: int = 64, height: int = 48, count: int = 2 * FPS) -> Iterator[np.ndarray]:
    """uint8 RGB pictures: the left half is white, a grey bar goes down."""
    for index in range(count):
        image = np.zeros((height, width, 3), np.uint8)
        image[:, : width // 2] = 255
        image[index * height // count :, -max(1, width // 8) :] = 128
        yield image


def encoded(
    path: Path,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    *,
    form: str | None = None,
    fps: int = FPS,
    pictures: Iterable[np.ndarray] | None = None,
    shift: int = 0,
    step: int = 1,
    sound: bool = False,
    metadata: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    prepare: Callable[[Any], None] = lambda stream: None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """A film; `shift` and `step` are in pictures. The sound, when wanted, is a second track."""
    shown = list(pictures if pictures is not None else bars())
    with av.open(str(path), "w", format=form, container_options=container_options or {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=fps, options=options or {})
        stream.height, stream.width = shown[0].shape[:2]
        stream.pix_fmt = pix_fmt
        prepare(stream)
        tone = (
            container.add_stream("pcm_s16le" if path.suffix in (".avi", ".mkv") else "aac", rate=8000)
            if sound
            else None
        )
        for index, image in enumerate(shown):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format=pix_fmt)
            frame.pts = shift + index * step
            frame.time_base = Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if tone is not None:
            container.mux([*tone.encode(_silence()), *tone.encode(None)])
    return path


def sound_only(path: Path, codec: str, cover: bool = False) -> Path:
    with av.open(str(path), "w") as container:
        tone = container.add_stream(codec, rate=8000)
        if cover:
            still = container.add_stream("mjpeg", rate=1)
            still.width, still.height, still.pix_fmt = 64, 48, "yuvj420p"
            still.disposition = av.stream.Disposition.attached_pic
            image = av.VideoFrame.from_ndarray(next(bars()), format="rgb24").reformat(format="yuvj420p")
            container.mux(still.encode(image))
        container.mux([*tone.encode(_silence()), *tone.encode(None)])
    return path


def _silence() -> Any:
    silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
    silence.sample_rate = 8000
    return silence


def with_matrix(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """The MP4 with another a, b, c, d in the display matrix of its first track."""
    one = 1 << 16
    plain = struct.pack(">9i", one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    a, b, c, d = (value * one for value in matrix)
    data = path.read_bytes()
    place = data.index(plain, data.index(b"tkhd"))
    turned = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data[:place] + turned + data[place + len(plain) :])
    return path


def claiming(path: Path, width: int, height: int) -> Path:
    """A PNG of a few bytes that claims that size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)))
    return path


def still(path: Path, mode: str = "RGB", **how: Any) -> Path:
    Image.fromarray(next(bars())).convert(mode).save(path, **how)
    return path


def animation(path: Path, **how: Any) -> Path:
    images = [Image.fromarray(image) for image in bars(count=8)]
    images[0].save(path, save_all=True, append_images=images[1:], duration=250, loop=0, **how)
    return path


def cut(path: Path, share: float) -> Path:
    """The first part of a file, as a full disk or a broken transfer leaves it."""
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    return path


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def linked(path: Path, to: str) -> Path:
    path.symlink_to(to)
    return path


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def joined(path: Path, *parts: Path) -> Path:
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path
