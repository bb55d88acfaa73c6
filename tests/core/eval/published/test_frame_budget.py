"""How many frames of a video are shown, how large, and which."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import SourceError
from core.eval.published.frame_budget import FrameBudget, read_frames
from tests.core.data.conftest import LEVELS, write_video

BUDGET = FrameBudget(fps=2, max_frames=480, min_tokens=100, max_tokens=768)


@pytest.mark.parametrize(("seconds", "count"), [(1, 4), (5.9, 10), (239, 478), (240, 480), (3600, 480)])
def test_frames_are_even_and_bounded(seconds: float, count: int) -> None:
    assert BUDGET.frames(seconds) == count


@pytest.mark.parametrize(
    ("frames", "tokens"), [(4, (100, 768)), (64, (100, 768)), (128, (100, 384)), (480, (100, 105)), (476, (100, 105))]
)
def test_a_frame_gets_its_share_of_the_tokens(frames: int, tokens: tuple[int, int]) -> None:
    smallest, largest = (pixels // (28 * 28) for pixels in BUDGET.pixels(frames))
    assert (smallest, largest) == tokens


def level(frame: object) -> int:
    """The number of a frame, modulo LEVELS, from its brightness."""
    return round((float(frame.mean()) - 20) / 18) % LEVELS  # type: ignore[attr-defined]


def test_both_ends_are_seen(tmp_path: Path) -> None:
    video = write_video(tmp_path / "v.mp4", seconds=6)  # 8 a second
    frames, rate = read_frames(video, 1.0, 6.0, FrameBudget(1, 480, 100, 768))
    assert len(frames) == 4
    assert level(frames[0]) == 8
    assert level(frames[-1]) == 47 % LEVELS
    assert rate == pytest.approx(0.8, rel=0.03)


def test_a_video_may_end_a_little_early(tmp_path: Path) -> None:
    video = write_video(tmp_path / "v.mp4", seconds=4)
    frames, _ = read_frames(video, 0.0, 4.9, BUDGET)
    assert level(frames[-1]) == 31 % LEVELS
    with pytest.raises(SourceError, match=r"ends at 4.0 s, before 5.1 s"):
        read_frames(video, 0.0, 5.1, BUDGET)
    with pytest.raises(SourceError, match="does not exist"):
        read_frames(tmp_path / "w.mp4", 0.0, 5.1, BUDGET)
    (tmp_path / "x.mp4").write_bytes(b"no video" * 99)
    with pytest.raises(SourceError, match="cannot be decoded"):
        read_frames(tmp_path / "x.mp4", 0.0, 5.1, BUDGET)


def test_options_take_the_place_of_what_was_published() -> None:
    assert BUDGET.limited(None, None) == BUDGET
    assert BUDGET.limited(1.0, 16) == FrameBudget(fps=1, max_frames=16, min_tokens=100, max_tokens=768)
