"""Memory that two processes share, through which pictures go without being sent."""

from __future__ import annotations

import math
import mmap
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.raw_picture import Colours, RawPicture

if TYPE_CHECKING:
    import numpy as np

    from core.types import Sound

SLOTS = 2
"""One is read while the next one is filled."""
SLOT_BYTES = 3 * 4096 * 4096
"""Of the largest picture that `core.video.picture` makes. Only what has been written to takes memory."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Says where a picture lies.

    Attributes:
        number, seconds: as of the picture.  shape: of its bytes; its slot follows from the number.
        colours: of planes (yuv420p); None for RGB.  sound: as of the picture; it is sent.
    """

    number: int
    seconds: float
    shape: tuple[int, ...]
    colours: Colours | None = None
    sound: Sound | None = None


class PictureMemory:
    """A few slots for pictures; passed to a process when that is started (as an argument of it).

    It is a nameless file in memory whose size neither side can change: access to it cannot fail.
    """

    def __init__(self) -> None:
        """Needs Linux."""
        import fcntl

        self._file = os.memfd_create("pictures", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
        os.ftruncate(self._file, SLOTS * SLOT_BYTES)
        fcntl.fcntl(self._file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        self._memory = mmap.mmap(self._file, SLOTS * SLOT_BYTES)

    def __getstate__(self) -> Any:
        from multiprocessing.reduction import DupFd

        return DupFd(self._file)

    def __setstate__(self, passed: Any) -> None:
        self._file = passed.detach()
        self._memory = mmap.mmap(self._file, SLOTS * SLOT_BYTES)

    def fileno(self) -> int:
        """The file it is."""
        return self._file

    def put(self, number: int, seconds: float, pixels: np.ndarray | RawPicture) -> Placed:
        """Fill its slot; returns where the picture lies. pixels: uint8 RGB (height, width, 3), or planes."""
        data = pixels.data if isinstance(pixels, RawPicture) else pixels
        self._slot(number, data.shape)[...] = data
        return Placed(number, seconds, data.shape, pixels.colours if isinstance(pixels, RawPicture) else None)

    def take(self, placed: Placed) -> np.ndarray | RawPicture:
        """A copy of the picture. Raises ValueError for a shape that has no place."""
        sides = 3 if placed.colours is None else 2
        if len(placed.shape) != sides or min(placed.shape) < 1 or math.prod(placed.shape) > SLOT_BYTES:
            raise ValueError(f"a picture of {placed.shape}")
        data = self._slot(placed.number, placed.shape).copy()
        return data if placed.colours is None else RawPicture(data, "yuv420p", placed.colours)

    def close(self) -> None:
        """Let go of it, on this side."""
        self._memory.close()
        os.close(self._file)

    def _slot(self, number: int, shape: tuple[int, ...]) -> np.ndarray:
        import numpy as np

        start = number % SLOTS * SLOT_BYTES
        return np.frombuffer(self._memory, np.uint8, math.prod(shape), start).reshape(shape)


def shared_memory() -> PictureMemory | None:
    """Some memory to share; None where the system has none of this kind: pictures are sent then."""
    return PictureMemory() if hasattr(os, "memfd_create") else None
