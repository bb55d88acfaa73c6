"""Thumbnails, and the frames that the model was given."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.library.pictures import pictures
from app.session import small_pictures
from app.session.small_pictures import SmallPictures


def seconds(folder: Path) -> list[float]:
    return sorted(float(path.stem) for path in folder.glob("*.jpg"))


def test_a_thumbnail_every_ten_seconds_and_at_each_line(tmp_path: Path) -> None:
    small = SmallPictures(tmp_path)
    for number in range(60):
        small.add(np.full((360, 640, 3), 4 * number, np.uint8), number / 2)
        if number == 9:
            small.line(3.0, 4.0)
            small.line(100.0, 101.0)  # nothing was seen of that
    assert seconds(tmp_path / "thumbnails") == [0.0, 3.5, 13.5, 23.5]
    assert seconds(tmp_path / "seen") == [3.0, 3.5]
    with Image.open(tmp_path / "seen" / "3.500.jpg") as image:
        assert image.size == (448, 252)
        assert np.asarray(image).mean() == pytest.approx(28, abs=2)
    assert [picture.at for picture in pictures(tmp_path)] == [0.0, 3.5, 13.5, 23.5]
    assert stat.S_IMODE((tmp_path / "seen" / "3.500.jpg").stat().st_mode) == 0o600


def test_frames_have_a_budget_by_the_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_pictures, "BYTES_PER_HOUR", 4000)
    noise = np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8)
    small = SmallPictures(tmp_path)
    for at in (0.0, 1.0, 2.0, 3700.0):
        small.add(noise, at)
        small.line(at, at + 1)
    kept = seconds(tmp_path / "seen")
    assert 0 < small.left_out == 4 - len(kept) or kept == []
    size = sum(path.stat().st_size for path in (tmp_path / "seen").glob("*") if float(path.stem) < 3600)
    assert size <= 4000
