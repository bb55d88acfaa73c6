"""How glibc's malloc shares out memory to threads."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

M_ARENA_MAX = -8  # malloc.h


def limit_heaps(most: int) -> None:
    """So many heaps at most for all threads of this process, before it has any.

    Each reserves 64 MiB of address space. Threads that come and go with large blocks leave each heap in pieces: a
    process that starts many of them seems to grow for hours.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library, without such heaps
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, most)
