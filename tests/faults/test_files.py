"""Files of every kind that people have: each plays as it is meant, or is refused in one line that says why."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import SourceError
from core.video.reader import VideoReader

pytest.importorskip("av")

from tests.faults.odd_files import (
    animation,
    bars,
    claiming,
    cut,
    encoded,
    joined,
    linked,
    pipe,
    sound_only,
    still,
    with_matrix,
    written,
)

LONG = pytest.mark.faults
FRAMES = 4  # of two seconds at two a second
STILL = 6  # a single picture is shown for three seconds
OPEN_LICENCE = {"x265-params": "log-level=none"}


@dataclass(frozen=True)
class Case:
    """A kind of file.

    Attributes:
        name: of the file.  make: writes it.
        frames: at two a second; 0 where it is refused.
        white: which side of the picture is.
        says: what the warning or the refusal must say, as a regular expression ("" for no warning).
    """

    name: str
    make: Callable[[Path], Path]
    frames: int = FRAMES
    white: str = "left"
    says: str = ""


def turned(*matrix: int) -> Callable[[Path], Path]:
    return lambda path: with_matrix(encoded(path), matrix)  # type: ignore[arg-type]


def codec(name: str, pix_fmt: str = "yuv420p", **how: Any) -> Callable[[Path], Path]:
    return partial(encoded, codec=name, pix_fmt=pix_fmt, **how)


def high_range(transfer: int) -> Callable[[Path], Path]:
    def prepare(stream: Any) -> None:
        stream.codec_context.color_trc = transfer
        stream.codec_context.color_primaries = 9  # BT.2020
        stream.codec_context.colorspace = 9

    return codec("libx265", "yuv420p10le", prepare=prepare, options=OPEN_LICENCE)


def pixel_ratio(width: int, height: int) -> Callable[[Path], Path]:
    def prepare(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(width, height)

    return partial(encoded, prepare=prepare)


def latin(path: Path) -> Path:
    """With a title that is no UTF-8."""
    whole = encoded(path, metadata={"title": "Cafe___"}).read_bytes()
    return written(path, whole.replace(b"Cafe___", b"Caf\xe9\xff\xfe\x80"))


def changing(path: Path) -> Path:
    """Its pictures grow in the middle."""
    small = encoded(path.with_name("small.ts"))
    return joined(path, small, encoded(path.with_name("large.ts"), pictures=bars(128, 96)))


def playlist(path: Path, *parts: str) -> Path:
    for index, part in enumerate(parts):
        if "://" not in part:
            encoded(path.with_name(part), shift=20 * index)
    lines = "".join(f"#EXTINF:2,\n{part}\n" for part in parts)
    return written(path, f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n{lines}#EXT-X-ENDLIST\n".encode())


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def of(data: bytes) -> Callable[[Path], Path]:
    return lambda path: written(path, data)


def cut_film(path: Path, **how: Any) -> Path:
    """Half of ten seconds, each picture whole."""
    return cut(encoded(path, pictures=bars(160, 120, 100), options={"g": "1"}, **how), 0.5)


CASES = [
    # raw streams
    Case("raw.h264", codec("libx264", form="h264")),
    Case("raw.hevc", codec("libx265", form="hevc", options=OPEN_LICENCE)),
    Case("raw.m4v", codec("mpeg4", form="m4v")),
    Case("raw.ivf", codec("libvpx", form="ivf")),
    Case("raw.y4m", codec("rawvideo", form="yuv4mpegpipe")),
    Case("raw.mjpeg", codec("mjpeg", "yuvj420p", form="mjpeg"), 2),  # which has no rate: 25 a second
    Case("raw.yuv", codec("rawvideo", form="rawvideo"), 0, says="cannot be read as one"),
    # upright
    Case("quarter.mp4", turned(0, 1, -1, 0), white="top"),
    Case("half.mp4", turned(-1, 0, 0, -1), white="right"),
    Case("three_quarters.mp4", turned(0, -1, 1, 0), white="bottom"),
    Case("mirrored.mp4", turned(-1, 0, 0, 1), white="right"),
    Case("no_matrix.mp4", turned(0, 0, 0, 0)),
    # colours and shapes
    Case("pq.mkv", high_range(16)),
    Case("hlg.mkv", high_range(18)),
    Case("ten_bits.mkv", codec("libx264", "yuv420p10le")),
    Case("prores.mov", codec("prores_ks", "yuva444p10le")),
    Case("alpha.mov", codec("qtrle", "argb")),
    Case("grey.mkv", codec("ffv1", "gray16le")),
    Case("thin.mkv", pixel_ratio(1, 1000)),
    Case("flat.mkv", pixel_ratio(1000, 1)),
    Case("odd.mkv", codec("ffv1", "bgr0", pictures=tuple(bars(3, 5)))),
    Case("grows.ts", changing, 8),
    # containers
    Case("film.avi", codec("mpeg4", sound=True)),
    Case("film.flv", partial(encoded, sound=True)),
    Case("film.mov", partial(encoded, sound=True)),
    Case("film.webm", codec("libvpx-vp9", "yuva420p")),
    Case("film.wmv", codec("wmv2")),
    Case("film.mpg", codec("mpeg2video", fps=25, pictures=tuple(bars(count=50)))),
    Case("film.mxf", codec("mpeg2video", fps=25, pictures=tuple(bars(count=50)))),
    Case("fragments.mp4", partial(encoded, container_options={"movflags": "frag_keyframe+empty_moov"})),
    Case("list.m3u8", lambda path: playlist(path, "a.ts", "b.ts"), 8),
    Case("without_ending", partial(encoded, form="matroska")),
    Case("wrong_ending.png", partial(encoded, form="mp4")),
    # times
    Case("late.ts", partial(encoded, shift=360_000)),
    Case("late.mkv", partial(encoded, shift=36_000)),
    Case("before_zero.mkv", partial(encoded, shift=-15)),
    Case("slow.mkv", partial(encoded, step=50, pictures=tuple(bars(count=3))), 21),
    Case("fast.mkv", partial(encoded, fps=1000), 1),
    Case("one_frame.mp4", partial(encoded, pictures=tuple(bars(count=1))), STILL),
    # pictures
    *(Case(f"one.{ending}", still, STILL) for ending in ("png", "jpg", "webp", "bmp", "tiff", "gif", "avif")),
    Case("one_bit.png", partial(still, mode="1"), STILL),
    Case("palette.png", partial(still, mode="P"), STILL),
    Case("print.jpg", partial(still, mode="CMYK"), STILL),
    *(Case(f"moving.{ending}", animation) for ending in ("gif", "webp", "png", "avif")),
    Case("claims.png", lambda path: claiming(path, 16_000, 16_000), 0, says="16000 x 16000 pixels; at most"),
    Case("claims_more.png", lambda path: claiming(path, 1 << 30, 1 << 30), 0, says="no picture can be read"),
    # metadata and names
    *(Case(f"latin.{ending}", latin) for ending in ("mp4", "mkv")),
    *(Case(name, encoded) for name in ("-a.mp4", "a%20b.mp4", "%d.mp4", "a:b.mp4", "a 'b\".mp4", "é🏃.mp4", "a.MP4")),
    # no film
    Case("sound.wav", partial(sound_only, codec="pcm_s16le"), 0, says="only sound"),
    Case("sound.mp3", partial(sound_only, codec="libmp3lame"), 0, says="only sound"),
    Case("words.srt", of(b"1\n00:00:00,000 --> 00:00:01,000\nhi\n\n"), 0, says="nothing to see"),
    Case("words.txt", of(b"hello\n" * 1000), 0, says="only text"),
    Case("page.html", of(b"<html><body>hi</body></html>" * 30), 0, says="cannot be read as one"),
    Case("empty.mp4", of(b""), 0, says="cannot be read as one"),
    Case("zeros.mp4", of(bytes(1 << 20)), 0, says="cannot be read as one"),
    Case("noise.mp4", of(np.random.default_rng(0).bytes(1 << 18)), 0, says="cannot be read as one"),
    Case("files.txt", of(b"ffconcat version 1.0\nfile /etc/passwd\n"), 0, says="cannot be read as one"),
    Case("foreign.m3u8", lambda path: playlist(path, "http://127.0.0.1:9/a.ts"), 0, says="cannot be read as one"),
    Case("folder.mp4", folder, 0, says="is no file"),
    Case("pipe.mp4", pipe, 0, says="is no file"),
    Case("link.mp4", lambda path: linked(path, "nowhere.mp4"), 0, says="does not exist"),
    Case("circle.mp4", lambda path: linked(path, "circle.mp4"), 0, says="does not exist"),
    # damaged
    Case("no_index.mp4", cut_film, 0, says="cannot be read as one"),
    Case("cut.mp4", partial(cut_film, container_options={"movflags": "faststart"}), 10, says="is damaged|is cut off"),
    Case("cut.mkv", cut_film, 10, says="is cut off"),
    Case("cut.ts", cut_film, 10),
    Case("cut.png", lambda path: cut(still(path), 0.5), 0, says="no picture can be read"),
    Case("cut.gif", lambda path: cut(animation(path), 0.5), 1, says="is damaged"),
    Case("cut.webp", lambda path: cut(animation(path), 0.5), 0, says="cannot be read"),
]  # fmt: skip


def sides(image: np.ndarray) -> dict[str, float]:
    """Mean brightness of the fourths at the four sides."""
    rows = max(1, image.shape[0] // 4)
    columns = max(1, image.shape[1] // 4)
    parts = {"left": image[:, :columns], "right": image[:, -columns:], "top": image[:rows], "bottom": image[-rows:]}
    return {side: float(part.mean()) for side, part in parts.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_plays_as_it_is_meant_or_is_refused(case: Case, tmp_path: Path) -> None:
    path = case.make(tmp_path / case.name)
    if not case.frames:
        with pytest.raises(SourceError, match=case.says) as caught:
            list(VideoReader(path).at_rate(2.0))
        assert "\n" not in str(caught.value)
        return
    reader = VideoReader(path)
    found = list(reader.at_rate(2.0))
    reader.close()
    assert abs(len(found) - case.frames) <= (3 if "cut" in case.name else 0)
    assert [seconds for seconds, _ in found] == [index / 2 for index in range(len(found))]
    brightness = sides(found[0][1])
    assert max(brightness, key=brightness.__getitem__) == case.white
    assert brightness[case.white] > 235
    assert bool(reader.warning) == bool(case.says)
    assert re.search(case.says, reader.warning)


@LONG
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_ends_well_or_in_one_line(case: Case, tmp_path: Path) -> None:
    path = case.make(tmp_path / case.name)
    command = [sys.executable, "-m", "app", "watch", str(path), "--pace", "max", "--seconds", "5", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    lines = [message for message in messages if message["type"] == "line"]
    warnings = [message for message in messages if message["type"] == "error"]
    if case.frames:
        assert done.returncode == 0
        whole = min(case.frames // 2, 5)
        assert len(lines) == whole if not case.says else 0 < len(lines) <= whole or case.frames < 2
        assert all(re.search(case.says, warning["message"]) for warning in warnings) or case.frames > 10
    else:
        assert done.returncode == 1
        assert not lines
        assert len(done.stderr.splitlines()) == 1
        assert re.search(case.says, done.stderr)
