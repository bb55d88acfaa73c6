"""How glibc's malloc shares out memory to threads, and what it keeps of that."""

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


def trim_heaps() -> None:
    """What nobody uses goes back to the system.

    By itself malloc returns only what is free at a heap's end. Pictures of some megabytes come and go between small
    blocks that stay; the next stream's fit into some of the gaps and not into others, so that a heap grows with each.
    Takes some milliseconds, in which no thread of this process can allocate.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # the same
            ctypes.CDLL(None).malloc_trim(0)
