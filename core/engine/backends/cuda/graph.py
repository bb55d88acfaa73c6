"""Recording work as a CUDA graph: one launch for what would be hundreds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch

Result = TypeVar("Result")


def capture(run: Callable[[], Result], pool: Any = None) -> tuple[torch.cuda.CUDAGraph, Result]:
    """Run once, so that every kernel is compiled and chosen, and record a second run.

    Args:
        run: launches work on the current device over buffers that stay where they are; it waits for nothing.
        pool: from `torch.cuda.graph_pool_handle`, memory of graphs that never run at the same time; None: of its own.

    Returns:
        the graph, and what the recorded run gave: each replay writes to the same tensors.
    """
    run()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, pool=pool):
        result = run()
    return graph, result
