"""What torch does not promise to keep, on a GPU, against the fallbacks."""

from __future__ import annotations

import pytest
import torch

from core.engine.backends import torch_private
from core.model.fp8 import rounded
from tests.gpu.tensors import BF16, near, random

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("by_row", [False, True])
@pytest.mark.parametrize("has_bias", [False, True])
def test_a_product_in_fp8(by_row: bool, has_bias: bool) -> None:
    torch.manual_seed(0)
    x, x_scale = rounded(random(48, 512))
    weight, weight_scale = rounded(random(256, 512))
    one = torch.ones((), device="cuda")
    scales = (x_scale[:, None], weight_scale[None]) if by_row else (one, one)
    bias = random(256) if has_bias else None
    private = torch_private.scaled_mm(x, weight, *scales, bias)
    assert near(private, torch_private.scaled_mm_fallback(x, weight, *scales, bias), 2 * BF16)


def test_attention_with_its_sums() -> None:
    if not torch_private.has_cudnn_attention():
        pytest.skip("this build of torch has no cuDNN")
    torch.manual_seed(0)
    q = random(2, 4, 448, 128)
    keys = random(2, 4, 1024, 128)
    values = random(2, 4, 1024, 128)
    attended, lse = torch_private.attention_with_lse(q, keys, values)
    wanted, wanted_lse = torch_private.attention_with_lse_fallback(q.float(), keys.float(), values.float())
    assert near(attended, wanted)
    torch.testing.assert_close(lse.flatten(), wanted_lse.flatten(), atol=2e-2, rtol=0)
