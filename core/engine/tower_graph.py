"""The vision tower as CUDA graphs, one for each grid: a single launch instead of some five hundred."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from core.model.vision import Grid, VisionTower


@dataclass(frozen=True, slots=True)
class Recording:
    """A graph with the place of its input and of its output."""

    graph: torch.cuda.CUDAGraph
    patches: Tensor
    seen: Tensor


class TowerGraph:
    """Called like the tower, its plain twin. The result is valid until the next call with the same grid."""

    def __init__(self, tower: VisionTower) -> None:
        self._tower = tower
        self._recordings: dict[Grid, Recording] = {}

    def __call__(self, patches: Tensor, grid: Grid) -> Tensor:
        if grid not in self._recordings:
            self._recordings[grid] = self._record(patches, grid)
        recording = self._recordings[grid]
        recording.patches.copy_(patches)
        recording.graph.replay()
        return recording.seen

    def _record(self, patches: Tensor, grid: Grid) -> Recording:
        place = patches.to(self._tower.patch_embed.weight.dtype, copy=True)
        self._tower(place, grid)  # lays the windows out and chooses kernels
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            seen = self._tower(place, grid)
        return Recording(graph, place, seen)
