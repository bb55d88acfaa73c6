"""Matrix products as a CPU is quickest at them.

torch's own float32 product runs at half of what some CPUs can do (figures in docs/log); oneDNN's does not. One
token is another matter: it is bound by reading the matrix, and quickest where the inputs come first.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

HAS_ONEDNN = torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")
FEW_ROWS = (2, 4, 8)
ROWS = 16  # the least of these, else a multiple
MOST_BYTES = 1 << 30
"""Of a model's matrices that are kept in two layouts. Larger ones are no use in a live stream on a CPU."""


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None, pads: bool = True) -> Tensor:
    """`F.linear`, its plain twin, by oneDNN where there is one: x (..., in) float32, weight (out, in) or packed.

    oneDNN makes code for every shape it meets and keeps it: 0.3 ms and 0.7 MB each. So few numbers of rows are used,
    unless `pads` is False.
    """
    if not HAS_ONEDNN:
        return F.linear(x, weight, bias)
    rows = x.shape[:-1].numel()
    some = padded(rows) if pads else rows
    if some == rows:
        return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
    filled = F.pad(x.flatten(0, -2), (0, 0, 0, some - rows))
    made = torch.ops.mkldnn._linear_pointwise(filled, weight, bias, "none", [], "")
    return made[:rows].unflatten(0, x.shape[:-1])


@cache
def padded(rows: int) -> int:
    """How many rows `product` makes of them."""
    return next((few for few in FEW_ROWS if few >= rows), -(-rows // ROWS) * ROWS)


class OnednnLinear(nn.Linear):
    """A float32 `nn.Linear`, its plain twin, on a CPU.

    Attributes:
        weight: (out, in), laid out with the inputs first: for one token.
        packed: the same in oneDNN's own layout: for several. None where it is not there or would take too much memory.
        pads: whether it meets ever other numbers of rows, so that they are brought to few.
    """

    packed: Tensor | None

    def __init__(self, plain: nn.Linear, pack: bool, pads: bool = True) -> None:
        super().__init__(plain.in_features, plain.out_features, plain.bias is not None, device="meta")
        plain.weight.data = plain.weight.data.t().contiguous().t()
        self.weight = plain.weight
        self.bias = plain.bias
        self.pads = pads
        self.packed = torch.ops.mkldnn._reorder_linear_weight(self.weight.detach().contiguous()) if pack else None

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) -> (..., out)."""
        if self.packed is None or x.shape[:-1].numel() == 1:
            return F.linear(x, self.weight, self.bias)
        return product(x, self.packed, self.bias, self.pads)


def linear_layers(model: nn.Module) -> list[tuple[nn.Module, str, nn.Linear]]:
    """Every linear layer with the module it stands in and its name there, to be replaced."""
    return [(p, n, m) for p in model.modules() for n, m in p.named_children() if isinstance(m, nn.Linear)]


def use_onednn_linears(model: nn.Module, even: nn.Module | None = None) -> None:
    """Put a `OnednnLinear` in the place of every linear layer of a model on a CPU.

    Args:
        even: the part of it that meets the same few numbers of rows again and again.
    """
    linears = linear_layers(model)
    unpadded = set(even.modules() if even else ())
    small = sum(linear.weight.nbytes for _, _, linear in linears) <= MOST_BYTES
    for parent, name, linear in linears:
        pack = HAS_ONEDNN and small and linear.weight.dtype == torch.float32
        setattr(parent, name, OnednnLinear(linear, pack, parent not in unpadded))
