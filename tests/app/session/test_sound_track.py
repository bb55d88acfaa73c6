"""Sound in a video, at its second to within a thousandth, read back by FFmpeg."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.session.sound_track import SoundFormat
from app.session.video_file import VideoFile
from tests.sound_film import heard, titles

SHAPE = (90, 160, 3)
RATE = 16_000
TONE = (12_000 * np.sin(2 * np.pi * 1000 * np.arange(RATE // 2) / RATE)).astype(np.int16)[:, None]


def recorded(path: Path, placed: list[float], seconds: int, hold_s: float = 0.5) -> Path:
    """Ten pictures a second and a tone of half a second at each place, told when its second has come."""
    video = VideoFile(path, np.zeros(SHAPE, np.uint8), [SoundFormat("Voice", RATE, 1)])
    waiting = list(placed)
    for number in range(10 * seconds):
        at = number / 10
        video.add(np.zeros(SHAPE, np.uint8), at)
        while waiting and waiting[0] <= at + 0.1:
            video.sounds[0].place(waiting.pop(0), TONE)
        video.sounds[0].advance(at - hold_s)
    video.close()
    return path


def test_it_is_heard_at_its_second_however_long_it_was_silent(tmp_path: Path) -> None:
    placed = [0.0, 1.2345, 3.9001, 30.01]
    path = recorded(tmp_path / "video.mkv", placed, 32)
    assert titles(path) == ["Voice"]
    found = heard(path, 0)
    assert [start for start, _ in found] == pytest.approx(placed, abs=0.002)
    assert [end for _, end in found] == pytest.approx([at + 0.5 for at in placed], abs=0.004)


def test_what_overlaps_is_heard_together_and_what_was_written_stays(tmp_path: Path) -> None:
    video = VideoFile(tmp_path / "video.mkv", np.zeros(SHAPE, np.uint8), [SoundFormat("Voice", RATE, 1)])
    (track,) = video.sounds
    track.place(1.0, TONE)
    track.place(1.25, TONE)
    track.place(2.5, TONE)
    track.cut(2.75)
    video.add(np.zeros(SHAPE, np.uint8), 0.0)
    track.advance(1.1)
    assert track.reached == pytest.approx(1.1)
    track.place(0.9, TONE)
    video.add(np.zeros(SHAPE, np.uint8), 5.0)
    video.close()
    found = heard(tmp_path / "video.mkv", 0)
    assert [value for span in found for value in span] == pytest.approx([1.0, 1.75, 2.5, 2.75], abs=0.005)
