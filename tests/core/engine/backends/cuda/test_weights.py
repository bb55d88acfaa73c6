"""Layers that the GPU's kernels would compute wrongly are refused before any is launched."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.config import BUNDLED
from core.engine.backends.cuda.weights import LinearWeight, Weights
from core.model.checkpoint import load
from core.model.qwen2_5_vl.decoder import Decoder


@pytest.fixture
def decoder() -> Decoder:
    return load(BUNDLED, torch.device("cpu"), torch.float32).model.decoder


def test_weights_are_those_of_the_decoder(decoder: Decoder) -> None:
    weights = Weights.of(decoder)
    layer = decoder.layers[1]
    assert weights.layers[1].qkv.weight is layer.qkv.weight
    assert weights.layers[1].qkv.bias is layer.qkv.bias
    assert weights.norm_weight is decoder.norm.weight


def test_qkv_without_a_bias_is_told_apart(decoder: Decoder) -> None:
    decoder.layers[0].qkv = nn.Linear(8, 8, bias=False)
    assert Weights.of(decoder).layers[0].qkv.bias is None


@pytest.mark.parametrize("name", ["out", "gate_up", "down"])
def test_a_bias_that_no_kernel_adds_is_refused(decoder: Decoder, name: str) -> None:
    setattr(decoder.layers[0], name, nn.Linear(8, 8))
    with pytest.raises(ValueError, match="a bias of 8 numbers"):
        Weights.of(decoder)


@pytest.mark.parametrize("norm", [nn.LayerNorm(8), nn.RMSNorm(8, elementwise_affine=False)])
def test_another_norm_is_refused(decoder: Decoder, norm: nn.Module) -> None:
    decoder.layers[0].input_norm = norm
    with pytest.raises(ValueError, match="no RMSNorm with a weight"):
        Weights.of(decoder)


def test_a_matrix_says_whether_it_has_a_bias() -> None:
    LinearWeight.of(nn.Linear(4, 4, bias=False)).require_no_bias()
    with pytest.raises(ValueError, match="a bias of 4 numbers"):
        LinearWeight.of(nn.Linear(4, 4)).require_no_bias()
