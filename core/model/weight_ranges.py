"""Whether weights can be those of a model: finite, none absurdly large, no matrix empty. One pass, one wait."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from core.errors import CheckpointError

MOST = 1e4
"""The largest weights of published Qwen2.5-VL checkpoints are biases of a few hundred; a flipped bit of an exponent
makes 1e38."""
REMEDY = "copy or download it again"


class WeightRanges:
    """Collects the range of each weight as it is loaded; the device is waited for once, at the end."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._ends: list[Tensor] = []

    def add(self, name: str, weight: Tensor) -> None:
        """Note the least and the largest number of a weight; both are NaN where one of them is."""
        if weight.numel():
            self._names.append(name)
            self._ends.append(torch.stack(weight.aminmax()).float())

    def check(self, where: str) -> None:
        """Raise CheckpointError, naming the first weight that cannot be right."""
        if not self._ends:
            return
        for name, (least, most) in zip(self._names, torch.stack(self._ends).tolist(), strict=True):
            if why := _wrong(name, least, most):
                raise CheckpointError("Damaged checkpoint", f"{where}: {name} {why}; {REMEDY}")


def _wrong(name: str, least: float, most: float) -> str:
    if not math.isfinite(least) or not math.isfinite(most):
        return "has numbers that are not finite (NaN or Inf)"
    if (largest := max(-least, most)) > MOST:
        return f"has numbers up to {largest:.2g}, which no model has"
    if largest == 0 and name.endswith("weight"):
        return "is all zeros"
    return ""
