"""What nobody uses goes back to the system while the window is open."""

from __future__ import annotations

import ctypes
import os
import sys

import pytest

from app.controllers.heap_trimmer import TRIM_MS, HeapTrimmer
from app.settings import Settings

BLOCK = 64 * 1024
BLOCKS = 800


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_gaps_go_back_while_the_event_loop_runs(qtbot, qapp) -> None:
    from tests.faults.soak import anonymous_bytes

    libc = ctypes.CDLL(None)
    if not hasattr(libc, "malloc_trim"):
        pytest.skip("another C library")
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    blocks = [libc.malloc(BLOCK) for _ in range(BLOCKS)]
    for block in blocks:
        ctypes.memset(block, 1, BLOCK)
    for number, block in enumerate(blocks):
        if number % 10:
            libc.free(block)
    before = anonymous_bytes(os.getpid())
    trimmer = HeapTrimmer(qapp, every_ms=10)
    try:
        qtbot.waitUntil(lambda: before - anonymous_bytes(os.getpid()) > 0.7 * BLOCK * BLOCKS, timeout=10_000)
    finally:
        trimmer.stop()
        trimmer.deleteLater()
        for block in blocks[::10]:
            libc.free(block)


def test_the_window_has_one(opened) -> None:
    courtside = opened(settings=Settings(source="screen:1"))
    trimmer = courtside.findChild(HeapTrimmer)
    assert trimmer.isActive()
    assert trimmer.interval() == TRIM_MS
