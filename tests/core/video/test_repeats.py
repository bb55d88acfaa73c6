"""Which tokens stay: what has changed, what is due, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.video.repeats import CELL, Repeats, VisionWindow

SIDE = 28
ROWS = 3
COLUMNS = 4
NEVER = 0
"""Of `VisionWindow.rounds`: nothing ever leaves the context, so nothing comes due."""
LONGEST_UNSEEN = 1
"""Tokens that a round keeps where nothing is new and nothing due."""


def still(frames: int = 4, rows: int = ROWS, columns: int = COLUMNS, seed: int = 0) -> np.ndarray:
    """A picture with every shade in it, again and again: (frames, height, width, 3)."""
    picture = np.random.default_rng(seed).integers(40, 200, (rows * SIDE, columns * SIDE, 3), np.uint8)
    return np.repeat(picture[None], frames, 0)


def new(repeats: Repeats, pictures: np.ndarray, round_: int, rounds: int = NEVER, oldest: int = 0) -> np.ndarray:
    return repeats.new(torch.from_numpy(np.ascontiguousarray(pictures)), VisionWindow(round_, oldest, rounds))


@pytest.fixture
def repeats() -> Repeats:
    """It has seen the still picture in round 0."""
    repeats = Repeats(8.0, SIDE, 2)
    assert new(repeats, still(), 0)[0].all()
    return repeats


def test_a_still_picture_is_seen_once(repeats: Repeats) -> None:
    for n in range(1, 5):
        mask = new(repeats, still(), n)
        assert mask.shape == (2, ROWS, COLUMNS)
        assert mask.sum() == LONGEST_UNSEEN


def test_only_what_changes_is_seen_again(repeats: Repeats) -> None:
    pictures = still()
    pictures[2, SIDE + 3, 2 * SIDE + 5 :][:9] ^= 0x80
    mask = new(repeats, pictures, 1)
    assert np.argwhere(mask[1:]).tolist() == [[0, 1, 2]]


def test_a_change_that_goes_away_is_a_change_too(repeats: Repeats) -> None:
    pictures = still()
    pictures[:2, :SIDE, :SIDE] = 255
    assert new(repeats, pictures, 1)[:, 0, 0].tolist() == [True, True]


@pytest.mark.parametrize("frame", [0, 1, 2, 3])
def test_each_frame_of_a_grid_counts(repeats: Repeats, frame: int) -> None:
    pictures = still()
    pictures[frame, -CELL:, -CELL:] = 0
    assert new(repeats, pictures, 1)[frame // 2, -1, -1]


@pytest.mark.parametrize("quality", [90, 75])
def test_noise_and_compression_are_no_change(quality: int) -> None:
    """A drawn picture with a camera's noise on it, compressed anew for every frame."""
    import io

    rng = np.random.default_rng(1)
    drawn = Image.new("RGB", (9 * SIDE, 5 * SIDE), (60, 120, 50))
    draw = ImageDraw.Draw(drawn)
    for n in range(9):
        draw.rectangle((n * SIDE, n * 10, n * SIDE + 12, n * 10 + 30), fill=(200, 20 * n, 40))
    repeats = Repeats(8.0, SIDE, 2)
    kept = []
    for n in range(6):
        frames = []
        for _ in range(2):
            noisy = np.clip(np.asarray(drawn) + rng.normal(0, 2, (5 * SIDE, 9 * SIDE, 3)), 0, 255).astype(np.uint8)
            file = io.BytesIO()
            Image.fromarray(noisy).save(file, "JPEG", quality=quality)
            frames.append(np.asarray(Image.open(file)))
        kept.append(new(repeats, np.stack(frames), n).sum())
    assert kept[1:] == [LONGEST_UNSEEN] * 5


def test_a_ball_two_pixels_wide_is_seen() -> None:
    """White on green, wherever it lies: even where it falls on four cells."""
    grass = np.full((2, ROWS * SIDE, COLUMNS * SIDE, 3), (60, 120, 50), np.uint8)
    for offset in range(CELL):
        repeats = Repeats(8.0, SIDE, 2)
        new(repeats, grass, 0)
        moved = grass.copy()
        moved[:, 40 + offset : 42 + offset, 60 + offset : 62 + offset] = 255
        assert new(repeats, moved, 1)[0, 1, 2]


def test_a_changed_digit_is_seen() -> None:
    def board(score: str) -> np.ndarray:
        picture = Image.new("RGB", (COLUMNS * SIDE, ROWS * SIDE), (20, 20, 30))
        ImageDraw.Draw(picture).text((SIDE + 6, SIDE + 6), score, fill=(230, 230, 230))
        return np.repeat(np.asarray(picture)[None], 2, 0)

    for before, after in (("0", "8"), ("3", "8"), ("1", "7"), ("5", "6")):
        repeats = Repeats(8.0, SIDE, 2)
        new(repeats, board(before), 0)
        assert new(repeats, board(after), 1)[0, 1, 1]


def test_a_slow_change_is_seen_once_it_has_added_up(repeats: Repeats) -> None:
    seen = [new(repeats, still() + n, n).sum() for n in range(1, 10)]
    assert seen[:7] == [LONGEST_UNSEEN] * 7
    assert seen[7] > LONGEST_UNSEEN


@pytest.mark.parametrize(("rows", "columns", "frames"), [(2, 4, 4), (3, 5, 4), (4, 3, 2)])
def test_a_grid_of_another_size_is_all_new(repeats: Repeats, rows: int, columns: int, frames: int) -> None:
    other = new(repeats, still(frames, rows, columns), 1)
    assert other[0].all()
    assert new(repeats, still(), 2)[0].all()


def test_a_round_may_be_seen_in_parts(repeats: Repeats) -> None:
    moving = np.random.default_rng(3).integers(0, 40, (8, ROWS * SIDE, COLUMNS * SIDE, 3), np.uint8)
    whole = new(repeats, moving, 1)
    parts = Repeats(8.0, SIDE, 2)
    new(parts, still(), 0)
    again = np.concatenate([new(parts, part, 1) for part in (moving[:2], moving[2:6], moving[6:])])
    assert (again == whole).all()
    assert not new(parts, moving[6:], 1).any()
    parts.forget()
    assert new(parts, moving[6:], 1).all()


def test_an_odd_last_frame_stands_for_two(repeats: Repeats) -> None:
    assert new(repeats, still(3), 1).sum() == LONGEST_UNSEEN
    pictures = still(3)
    pictures[2, :SIDE, :SIDE] = 255
    assert new(repeats, pictures, 2)[1, 0, 0]


@pytest.mark.parametrize("rounds", [1, 2, 5, 8])
def test_a_still_picture_is_seen_again_in_time_and_a_part_at_a_time(repeats: Repeats, rounds: int) -> None:
    places = ROWS * COLUMNS
    seen_at = np.zeros((ROWS, COLUMNS), int)
    for n in range(1, 4 * rounds):
        mask = new(repeats, still(), n, rounds, max(0, n - rounds + 1))
        assert mask.sum() <= -(-places // rounds)
        seen_at[mask.any(0)] = n
        assert (n - seen_at < rounds).all()  # in the context until the next round at least


def test_what_left_the_context_before_its_time_is_seen_again(repeats: Repeats) -> None:
    new(repeats, still(), 1)
    assert new(repeats, still(), 2, oldest=2)[0].all()


def test_nothing_kept_leaves_what_is_longest_unseen(repeats: Repeats) -> None:
    """So that every turn has a picture; each round another place."""
    places = [np.flatnonzero(new(repeats, still(), n)).tolist() for n in range(1, ROWS * COLUMNS + 1)]
    assert places == [[n] for n in range(ROWS * COLUMNS)]


CHANGE = st.tuples(
    st.integers(0, 3),  # frame
    st.integers(0, ROWS * SIDE - 1),
    st.integers(0, COLUMNS * SIDE - 1),
    st.integers(1, 40),  # wide
    st.integers(0, 255),  # shade
)


@given(
    st.lists(st.lists(CHANGE, max_size=3), min_size=1, max_size=8),
    st.sampled_from([1.0, 8.0, 40.0]),
    st.integers(1, 5),
    st.sets(st.integers(1, 7)),
)
def test_kept_is_what_differs_from_what_was_kept(
    changes: list[list[tuple[int, ...]]], threshold: float, rounds: int, emptied: set[int]
) -> None:
    """For any pictures, windows and contexts that were emptied: a slow twin, place by place."""
    repeats = Repeats(threshold, SIDE, 2)
    kept = {}
    seen = {}
    pictures = still()
    emptied_at = 0
    for n, drawn in enumerate(changes):
        pictures = np.repeat(pictures[-1:], 4, 0)
        for frame, y, x, wide, shade in drawn:
            pictures[frame:, y : y + wide, x : x + wide] = shade
        emptied_at = n if n in emptied else emptied_at
        oldest = max(0, n - rounds + 1, emptied_at)
        mask = new(repeats, pictures, n, rounds, oldest)
        for t, row, column in np.ndindex(mask.shape):
            place = pictures[2 * t : 2 * t + 2, row * SIDE :, column * SIDE :][:, :SIDE, :SIDE].astype(int)
            alone = kept.get((row, column))
            if alone is None or _apart(place, alone) >= threshold:
                assert mask[t, row, column]
            elif mask[t, row, column]:
                assert t == 0  # due
            if mask[t, row, column]:
                kept[row, column] = place
                seen[row, column] = n
        assert min(seen.values()) >= oldest
        assert mask.any()


def _apart(a: np.ndarray, b: np.ndarray) -> float:
    apart = np.abs(a - b).reshape(2, SIDE // CELL, CELL, SIDE // CELL, CELL, 3)
    return float(apart.mean((2, 4, 5)).max())
