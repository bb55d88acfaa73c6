"""A video file, a folder of pictures, and sources that are closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.capture.source import CaptureOptions, Source
from app.capture.spec import open_source
from app.ignore_list import IgnoreList


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Two seconds at 10 frames a second."""
    av = pytest.importorskip("av")
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


@pytest.fixture
def watched() -> Iterator[Callable[..., Source]]:
    """Opens sources, as fast as they give pictures."""
    opened: list[Source] = []

    def open_(spec: str, ignored: Callable[[], IgnoreList] = IgnoreList) -> Source:
        source = open_source(spec, CaptureOptions(fps=50, preview_fps=50, ignored=ignored))
        opened.append(source)
        source.open()
        return source

    yield open_
    for source in opened:
        source.close()
