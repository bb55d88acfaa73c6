"""Finding the linear layers of a model, to put others in their place."""

from __future__ import annotations

from torch import nn


def linear_layers(model: nn.Module) -> list[tuple[nn.Module, str, nn.Linear]]:
    """Every linear layer with the module it stands in and its name there."""
    return [(p, n, m) for p in model.modules() for n, m in p.named_children() if isinstance(m, nn.Linear)]
