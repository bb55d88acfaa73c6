from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.data.media import BIN_S, examine
from core.errors import SourceError


def test_what_a_video_holds(make_video: Callable[..., Path]) -> None:
    media = examine(make_video("game.mp4", seconds=12, fps=8, spoken=[(2, 4), (7, 7.5)]))
    assert (media.pictures, media.fps, media.claimed_fps) == (96, pytest.approx(8), pytest.approx(8))
    assert media.picture_end == pytest.approx(12, abs=0.05)
    assert media.claimed_s == pytest.approx(12, abs=0.2)
    assert media.sound_end == pytest.approx(12, abs=0.3)
    assert media.longest_gap[1] == pytest.approx(1 / 8, abs=0.01)
    assert media.sound_damage == ""


def test_loudness_lies_where_the_sound_is(make_video: Callable[..., Path]) -> None:
    loudness = examine(make_video("game.mkv", seconds=12, fps=8, spoken=[(2, 4), (7, 7.5)])).loudness
    loud = {round(number * BIN_S, 1) for number in range(loudness.size) if loudness[number] > -30}
    assert min(loud) == pytest.approx(2, abs=0.21)
    assert {2.5, 3.0, 3.5, 7.2} <= loud
    assert not {1.0, 5.0, 6.0, 9.0} & loud


def test_a_video_without_sound(make_video: Callable[..., Path]) -> None:
    media = examine(make_video("game.mp4", seconds=3, fps=8))
    assert media.sound_end is None
    assert media.loudness.size == 0


@pytest.mark.parametrize(
    ("content", "title"), [(b"", "Empty file"), (b"nothing" * 500, "Not a video"), (b"\x00" * 4096, "Not a video")]
)
def test_what_is_no_video(tmp_path: Path, content: bytes, title: str) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError) as error:
        examine(path)
    assert error.value.title == title


def test_a_sound_file_has_no_picture(make_video: Callable[..., Path], tmp_path: Path) -> None:
    import av

    source = make_video("game.mkv", seconds=3, fps=8, spoken=[(1, 2)])
    path = tmp_path / "sound.mp4"
    with av.open(str(source)) as old, av.open(str(path), "w") as new:
        stream = new.add_stream_from_template(old.streams.audio[0])
        for packet in old.demux(old.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                new.mux(packet)
    with pytest.raises(SourceError, match="no picture track"):
        examine(path)


def test_damage_leaves_the_rest_of_the_sound_in_its_place(make_video: Callable[..., Path]) -> None:
    path = make_video("game.mkv", seconds=30, fps=8, spoken=[(20, 24)])
    whole = examine(path)
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 4, len(data) // 4 + 6000):
        data[at] ^= 0x5A
    path.write_bytes(data)
    hurt = examine(path)
    assert "packets" in hurt.sound_damage
    for media in (whole, hurt):
        loud = np.flatnonzero(media.loudness > -30) * BIN_S
        assert loud[0] == pytest.approx(20, abs=0.2)
        assert loud[-1] == pytest.approx(24, abs=0.2)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
def test_sound_lasts_as_long_as_it_does_in_any_container(make_video: Callable[..., Path], suffix: str) -> None:
    """AVI stamps sound of a varying bit rate only roughly."""
    media = examine(make_video(f"game.{suffix}", seconds=40, fps=8, spoken=[(5, 9), (31, 35)]))
    assert media.sound_end == pytest.approx(40, abs=0.3)
    loud = np.flatnonzero(media.loudness > -30) * BIN_S
    assert (loud[0], loud[-1]) == (pytest.approx(5, abs=0.2), pytest.approx(35, abs=0.2))


def test_a_stream_that_begins_half_way(make_video: Callable[..., Path]) -> None:
    """As broadcasts have: the second half has a stream more. All pictures are seen all the same."""
    first = make_video("first.ts", seconds=10, fps=8).read_bytes()
    second = make_video("second.ts", seconds=10, fps=8, spoken=[(1, 9)]).read_bytes()
    path = make_video("both.ts", seconds=1)
    path.write_bytes(first + second)
    assert examine(path).pictures == 160


def test_a_file_that_is_cut_off(make_video: Callable[..., Path]) -> None:
    path = make_video("game.mkv", seconds=20, fps=8, spoken=[(1, 19)])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    media = examine(path)
    assert 5 < media.picture_end < 15
    assert media.claimed_s == pytest.approx(20, abs=0.2)
