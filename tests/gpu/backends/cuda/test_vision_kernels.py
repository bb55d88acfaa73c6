"""Pictures cut into patches, and attention inside windows, against torch in float32."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from core.model.qwen2_5_vl.patches import normalise, patchify
from core.model.rotary import rotate
from tests.gpu.tensors import BF16, near, random

pytestmark = pytest.mark.gpu


def test_pixels_are_cut() -> None:
    from core.engine.backends.cuda import vision_kernels

    pixels = torch.randint(0, 256, (2, 140, 84, 3), device="cuda").float()
    order = torch.randperm(60, device="cuda")
    out = torch.empty(60, 1176, device="cuda")
    vision_kernels.patchify(pixels, order, 14, 2, out)
    assert near(out, normalise(patchify(pixels)[0])[order], 1e-5)


@pytest.mark.parametrize("size", [64, 16, 4])
def test_attention_inside_windows(size: int) -> None:
    from core.engine.backends.cuda import vision_kernels

    windows = 5
    heads = 16
    dim = 80
    count = windows * size
    qkv = random(count + 8, 3 * heads * dim)
    out = random(count + 8, heads * dim)
    cos = random(count + 8, dim // 2).repeat(1, 2)
    sin = random(count + 8, dim // 2).repeat(1, 2)
    vision_kernels.window_attention(qkv, cos, sin, 8, windows, size, heads, out)
    q, k, v = qkv.float().view(-1, 3, heads, dim).permute(1, 2, 0, 3)
    q = rotate(q, cos.float(), sin.float())
    k = rotate(k, cos.float(), sin.float())
    inside = (t[:, 8:].unflatten(1, (windows, size)).transpose(0, 1) for t in (q, k, v))
    wanted = F.scaled_dot_product_attention(*inside).transpose(1, 2).reshape(count, -1)
    assert near(out[8:], wanted, 2 * BF16)
    vision_kernels.rotate_qk(qkv, cos, sin, heads)
    assert near(qkv.view(-1, 3, heads, dim)[:, 0], q.transpose(0, 1))
    assert near(qkv.view(-1, 3, heads, dim)[:, 1], k.transpose(0, 1))
