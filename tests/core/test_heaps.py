"""Threads share the heaps that they are allowed; what is free in the midst of one goes back."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

ALLOCATING = """
import ctypes, threading
from core.heaps import limit_heaps
if {most}:
    limit_heaps({most})
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(4)
def work():
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.malloc_stats()
"""


def heaps(most: int) -> int:
    """How many glibc tells of, in a process with four threads that allocate at once."""
    done = subprocess.run(
        [sys.executable, "-c", ALLOCATING.format(most=most)], capture_output=True, text=True, check=True
    )
    return len(re.findall(r"^Arena \d+:", done.stderr, re.MULTILINE))


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_threads_share_the_heaps_there_may_be() -> None:
    if heaps(0) < 2:
        pytest.skip("another C library")
    assert heaps(1) == 1
    assert heaps(2) == 2


GAPS = """
import ctypes, os
from core.heaps import trim_heaps
from tests.faults.soak import anonymous_bytes
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
blocks = [libc.malloc({size}) for _ in range({count})]
for block in blocks:
    ctypes.memset(block, 1, {size})
for number, block in enumerate(blocks):
    if number % 10:
        libc.free(block)
before = anonymous_bytes(os.getpid())
trim_heaps()
print(before - anonymous_bytes(os.getpid()))
"""
BLOCK = 64 * 1024
BLOCKS = 800


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_gaps_between_blocks_in_use_go_back_to_the_system() -> None:
    if heaps(0) < 2:
        pytest.skip("another C library")
    program = GAPS.format(size=BLOCK, count=BLOCKS)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 0.8 * BLOCK * BLOCKS


PICTURES = """
import ctypes, os
from core.heaps import keep_pictures_out_of_heaps
from tests.faults.soak import anonymous_bytes
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
if {kept_out}:
    keep_pictures_out_of_heaps()
libc.free(libc.malloc(20_000_000))
before = anonymous_bytes(os.getpid())
pictures = []
for _ in range(10):
    pictures.append(libc.malloc({size}))
    libc.malloc(10_000)  # stays
    ctypes.memset(pictures[-1], 1, {size})
for picture in pictures:
    libc.free(picture)
print(anonymous_bytes(os.getpid()) - before)
"""
PICTURE = 3_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_pictures_leave_no_gaps_between_blocks_that_stay() -> None:
    left = []
    for kept_out in (False, True):
        program = PICTURES.format(kept_out=kept_out, size=PICTURE)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        left.append(int(done.stdout))
    if left[0] < 8 * PICTURE:
        pytest.skip("another C library")
    assert left[1] < PICTURE
