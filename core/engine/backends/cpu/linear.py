"""Linear layers on a CPU, by oneDNN where it is faster.

PyTorch's own float32 GEMM reaches half the peak rate of some CPUs, oneDNN's nearly all of it (figures in docs/log). A
GEMV, for one token, is bound by reading the matrix, and fastest where the inputs come first.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.engine.backends import torch_private
from core.model.layers import linear_layers

SMALL_ROWS = (2, 4, 8)
ROW_BLOCK = 16  # the least of SMALL_ROWS that is enough, else a multiple of this
MAX_PACKED_BYTES = 1 << 30
"""Of a model's matrices that are kept in two layouts. Larger ones are no use in a live stream on a CPU."""


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None, pads: bool = True) -> Tensor:
    """`F.linear`, its reference, by oneDNN where it is available: x (..., in) float32, weight (out, in) or packed.

    oneDNN compiles code for every new shape and keeps it: 0.3 ms and 0.7 MB each. So rows are padded to few numbers,
    unless `pads` is False.
    """
    rows = x.shape[:-1].numel()
    padded = padded_rows(rows) if pads else rows
    if padded == rows or not torch_private.has_onednn():
        return torch_private.onednn_linear(x, weight, bias)
    filled = F.pad(x.flatten(0, -2), (0, 0, 0, padded - rows))
    return torch_private.onednn_linear(filled, weight, bias)[:rows].unflatten(0, x.shape[:-1])


@cache
def padded_rows(rows: int) -> int:
    """The number of rows that `product` pads so many to."""
    return next((few for few in SMALL_ROWS if few >= rows), -(-rows // ROW_BLOCK) * ROW_BLOCK)


def pads_rows(dtype: torch.dtype) -> bool:
    """Whether products of that number format are padded to few shapes."""
    return torch_private.has_onednn() and dtype == torch.float32


class OnednnLinear(nn.Linear):
    """A float32 `nn.Linear`, which is its reference, on a CPU.

    Attributes:
        weight: (out, in), laid out with the inputs first: for one token.
        packed: the same in oneDNN's own layout: for several. None where it is not there or would take too much memory.
        pads: whether its number of rows varies, so that rows are padded to few numbers.
    """

    packed: Tensor | None

    def __init__(self, plain: nn.Linear, pack: bool, pads: bool = True) -> None:
        super().__init__(plain.in_features, plain.out_features, plain.bias is not None, device="meta")
        plain.weight.data = plain.weight.data.t().contiguous().t()
        self.weight = plain.weight
        self.bias = plain.bias
        self.pads = pads
        packed = torch_private.pack_for_onednn(self.weight.detach().contiguous()) if pack else None
        self.register_buffer("packed", packed, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) -> (..., out)."""
        if self.packed is None or x.shape[:-1].numel() == 1:
            return F.linear(x, self.weight, self.bias)
        return product(x, self.packed, self.bias, self.pads)


def use_onednn_linears(model: nn.Module, unpadded: nn.Module | None = None) -> None:
    """Put an `OnednnLinear` in the place of every linear layer of a model on a CPU; once done, it stays so.

    Args:
        unpadded: the part of it whose numbers of rows are few and come again.
    """
    linears = [(p, n, m) for p, n, m in linear_layers(model) if not isinstance(m, OnednnLinear)]
    even = set(unpadded.modules() if unpadded else ())
    small = sum(linear.weight.nbytes for _, _, linear in linears) <= MAX_PACKED_BYTES
    for parent, name, linear in linears:
        pack = small and pads_rows(linear.weight.dtype)
        setattr(parent, name, OnednnLinear(linear, pack, parent not in even))
