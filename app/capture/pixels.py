"""Small works on pictures as the screen gives them: uint8 BGRX, (height, width, 4)."""

from __future__ import annotations

import numpy as np

GREY = 128


def blend(below: np.ndarray, above: np.ndarray, *, translucent: bool) -> None:
    """Put BGRX pixels over others in place; translucent ones are premultiplied by their fourth value."""
    if not translucent:
        below[...] = above
        return
    through = 255 - above[..., 3:4].astype(np.uint16)
    below[..., :3] = np.minimum(above[..., :3] + below[..., :3] * through // 255, 255)


def fill(picture: np.ndarray, left: int, top: int, right: int, bottom: int) -> None:
    """Fill a rectangle with a blend from the row above it to the row below it; plain grey where it has neither."""
    above = picture[top - 1, left:right] if top > 0 else None
    below = picture[bottom, left:right] if bottom < len(picture) else None
    if above is None and below is None:
        picture[top:bottom, left:right] = GREY
        return
    first = (above if above is not None else below).astype(np.float32)  # type: ignore[union-attr]
    last = (below if below is not None else above).astype(np.float32)  # type: ignore[union-attr]
    share = np.linspace(0, 1, bottom - top, dtype=np.float32)[:, None, None]
    picture[top:bottom, left:right] = first * (1 - share) + last * share
