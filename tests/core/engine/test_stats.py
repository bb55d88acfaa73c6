"""Memory that was freed goes back to the system."""

from __future__ import annotations

import torch

from core.engine.stats import release_memory, rss_bytes

MB = 1_000_000


def test_freed_memory_leaves_the_process() -> None:
    """In blocks of a size that glibc would keep."""
    cpu = torch.device("cpu")
    blocks = [torch.ones(MB // 8) for _ in range(400)]  # half a MB each
    held = rss_bytes()
    del blocks
    release_memory(cpu)
    assert held - rss_bytes() > 150 * MB
