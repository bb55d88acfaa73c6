"""The reference of all implementations of attention, against its formula."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional as F

from core.model.attention import CausalAttention, plain
from core.model.rotary import mrope, rotate


def test_a_query_sees_the_keys_up_to_its_own() -> None:
    """Written out for each query: the queries are the last of the tokens, and two heads share keys and values."""
    q = torch.randn(2, 3, 8)
    k = torch.randn(1, 5, 8)
    v = torch.randn(1, 5, 8)
    attended = plain(q, k, v, causal=True)
    for head in range(2):
        for query in range(3):
            seen = slice(0, 5 - 3 + query + 1)
            weights = (k[0, seen] @ q[head, query] / math.sqrt(8)).softmax(0)
            torch.testing.assert_close(attended[head, query], weights @ v[0, seen])


def test_without_a_mask_every_key_is_seen() -> None:
    q, k, v = torch.randn(3, 4, 6, 8)
    torch.testing.assert_close(plain(q, k, v, causal=False), F.scaled_dot_product_attention(q, k, v))


@pytest.mark.parametrize("kv_heads", [1, 2])
def test_a_whole_sequence_is_rotated_and_attended_to(kv_heads: int) -> None:
    positions = torch.arange(6.0).expand(3, -1)
    cos, sin = mrope(positions, 8, (1, 1, 2), 1e4)
    q = torch.randn(1, 2, 6, 8)
    k, v = torch.randn(2, 1, kv_heads, 6, 8)
    wanted = plain(rotate(q, cos, sin), rotate(k, cos, sin), v, causal=True)
    torch.testing.assert_close(CausalAttention(cos, sin)(0, q, k, v), wanted)
