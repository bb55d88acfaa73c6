"""How glibc's malloc shares out memory to threads, and what it keeps of that."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

M_ARENA_MAX = -8  # malloc.h
M_MMAP_THRESHOLD = -3
LARGE = 1 << 20
"""Bytes from which a block has pages of its own: a picture, and little else."""


def limit_heaps(most: int) -> None:
    """So many heaps at most for all threads of this process, before it has any.

    Each reserves 64 MiB of address space. Threads that come and go with large blocks leave each heap in pieces: a
    process that starts many of them seems to grow for hours.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library, without such heaps
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, most)


def keep_pictures_out_of_heaps() -> None:
    """Blocks of LARGE bytes and more have pages of their own, which go back as soon as they are free.

    malloc begins so, but raises its limit to the largest block that was ever freed. From then on pictures of some
    megabytes come and go between small blocks that stay; now and then one fits into none of the gaps, and the heap
    grows for hours. Costs the system's clearing of each page.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)


def share_one_heap() -> None:
    """For a process whose threads come and go: one heap for all of them, and no picture in it."""
    limit_heaps(1)
    keep_pictures_out_of_heaps()


def trim_heaps() -> None:
    """What is free goes back to the system, also from between blocks in use; malloc itself returns only what is free at
    a heap's end. Takes some milliseconds, in which no thread of this process can allocate."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # the same
            ctypes.CDLL(None).malloc_trim(0)
