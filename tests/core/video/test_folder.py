"""A folder of PNG pictures: in order, lossless, and what is wrong with it in one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import SourceError
from core.video.folder import PictureFolder


def test_pictures_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 6, 8, 3), np.uint8)
    for name, image in zip(("b.png", "c.PNG", "a.png"), images, strict=True):
        Image.fromarray(image).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture")
    read = list(PictureFolder(tmp_path).pictures())
    assert (np.stack(read) == images[[2, 0, 1]]).all()


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        PictureFolder(tmp_path / "none")
    with pytest.raises(SourceError, match="no PNG"):
        PictureFolder(tmp_path)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(SourceError, match="is no folder"):
        PictureFolder(tmp_path / "a.png")
    with pytest.raises(SourceError, match="cannot be read"):
        list(PictureFolder(tmp_path).pictures())
