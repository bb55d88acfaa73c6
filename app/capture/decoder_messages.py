"""What a decoder's process is asked for and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.capture.picture_memory import Placed

if TYPE_CHECKING:
    import numpy as np

    from core.raw_picture import RawPicture
    from core.types import Sound


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to open.

    Attributes:
        name: for people.  url, form, options: for FFmpeg; `form` is its input device, or None.
        file: `url` is the path of a file.
        rate: pictures a second wanted of a stored one.
        begin_s: media time of the first picture wanted of a stored one.
        sound: what is heard is wanted, too (of an address).
        live: whether it is known to go on by itself; None: to be found out.
    """

    name: str
    url: str
    form: str | None = None
    file: bool = False
    options: dict[str, str] = field(default_factory=dict)
    rate: float = 30.0
    begin_s: float = 0.0
    live: bool | None = None
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """stored: it can wait, and its end is its end. duration: seconds that a stored one says it lasts."""

    stored: bool
    duration: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture.

    Attributes:
        number: counts up.  seconds: when the first byte of it was there (live; monotonic), or media time (stored).
        pixels: uint8 RGB (height, width, 3), or the planes as they were decoded.
        sound: that has come since the picture before; None where there is none, or none is wanted.
    """

    number: int
    seconds: float
    pixels: np.ndarray | RawPicture
    sound: Sound | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """No more pictures.

    Attributes:
        title: "" where the address could not be opened, or a stored one has ended.
        why: in words; "" where it has ended well.
        away: reading a stored film from its address broke off; there may be more of it later.
    """

    title: str
    why: str
    away: bool = False


Answer = Opened | Picture | Placed | Lost | None
