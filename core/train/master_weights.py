"""fp32 master weights behind a model that computes in bf16, their optimiser and their running average."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from core.engine.backends.torch_private import copy_each, lerp_each


class MasterWeights:
    """AdamW over fp32 copies of a model's parameters; the model gets them back rounded to its own type.

    Attributes:
        weights: fp32, one for each parameter, in order. average: their exponential moving average.
    """

    def __init__(self, model: nn.Module, weight_decay: float, clip: float) -> None:
        named = dict(model.named_parameters())
        self._names = list(named)
        self._clip = clip
        self._parameters: list[Tensor] = [*named.values()]
        self.weights = [p.detach().float().clone() for p in self._parameters]
        self.average = [w.clone() for w in self.weights]
        self._gradients = [torch.zeros_like(w) for w in self.weights]
        for weight, gradient in zip(self.weights, self._gradients, strict=True):
            weight.grad = gradient
        decayed = [w for w in self.weights if w.ndim >= 2]
        plain = [w for w in self.weights if w.ndim < 2]
        self._optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}],
            betas=(0.9, 0.95),
            fused=self.weights[0].is_cuda,
        )

    @torch.no_grad()
    def step(self, learning_rate: float, decay: float) -> Tensor:
        """One update from the model's gradients, which are cleared. Returns the gradient norm before clipping, ()."""
        copy_each(self._gradients, [p.grad for p in self._parameters if p.grad is not None])
        for parameter in self._parameters:
            parameter.grad = None
        total = torch.nn.utils.get_total_norm(self._gradients)
        torch.nn.utils.clip_grads_with_norm_(self.weights, self._clip, total)
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate
        self._optimiser.step()
        lerp_each(self.average, self.weights, 1 - decay)
        self.load_into_model()
        return total

    @torch.no_grad()
    def load_into_model(self) -> None:
        """Give the model its weights, rounded."""
        copy_each(self._parameters, self.weights)

    def averaged(self) -> dict[str, Tensor]:
        """The running average by parameter name."""
        return dict(zip(self._names, self.average, strict=True))

    def state(self) -> dict[str, Any]:
        """Everything needed to go on exactly."""
        return {"weights": self.weights, "average": self.average, "optimiser": self._optimiser.state_dict()}

    @torch.no_grad()
    def load(self, state: dict[str, Any]) -> None:
        """Go on from `state`."""
        copy_each(self.weights, [w.to(self.weights[0].device) for w in state["weights"]])
        copy_each(self.average, [w.to(self.weights[0].device) for w in state["average"]])
        self._optimiser.load_state_dict(state["optimiser"])
        self.load_into_model()
