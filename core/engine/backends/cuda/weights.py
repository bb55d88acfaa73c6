"""The decoder's weights as the GPU's own ways read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn

from core.model.fp8 import Fp8Linear
from core.model.qwen2_5_vl.decoder import Decoder, DecoderLayer


@dataclass(frozen=True, slots=True)
class LinearWeight:
    """A weight and what belongs to it.

    Attributes:
        weight: (out, in). scale: (out,) float32 where the weight is fp8. bias: (out,) or None.
    """

    weight: Tensor
    scale: Tensor | None
    bias: Tensor | None

    @classmethod
    def of(cls, linear: nn.Module) -> LinearWeight:
        """That of an `nn.Linear` or an `Fp8Linear`."""
        assert isinstance(linear, nn.Linear | Fp8Linear)
        return cls(linear.weight, linear.scale if isinstance(linear, Fp8Linear) else None, linear.bias)

    @property
    def fp8(self) -> bool:
        return self.scale is not None

    def require_no_bias(self) -> None:
        """Raise ValueError where there is one: for kernels that add none."""
        if self.bias is not None:
            raise ValueError(f"a bias of {len(self.bias)} numbers, which this product would leave out")

    @property
    def scales(self) -> Tensor:
        """What a kernel is given for the scale; it does not read it where there is none."""
        return self.weight if self.scale is None else self.scale

    @property
    def biases(self) -> Tensor:
        """The same for the bias; kernels are told whether there is one."""
        return self.weight if self.bias is None else self.bias


@dataclass(frozen=True, slots=True)
class Layer:
    """A decoder layer's weights, in the order they are read."""

    norm_weight: Tensor
    qkv: LinearWeight
    out: LinearWeight
    mlp_norm_weight: Tensor
    gate_up: LinearWeight
    down: LinearWeight


@dataclass(frozen=True, slots=True)
class Weights:
    """A decoder's weights but for the embedding."""

    layers: tuple[Layer, ...]
    norm_weight: Tensor
    head: LinearWeight

    @classmethod
    def of(cls, decoder: Decoder) -> Weights:
        """Nothing is copied. Raises ValueError for a layer that the kernels would compute wrongly."""
        layers = (_layer(layer) for layer in cast("list[DecoderLayer]", decoder.layers))
        return cls(tuple(layers), _rms_weight(decoder.norm), _unbiased(decoder.head))

    @property
    def fp8(self) -> bool:
        return self.head.fp8


def _layer(layer: DecoderLayer) -> Layer:
    return Layer(
        _rms_weight(layer.input_norm),
        LinearWeight.of(layer.qkv),
        _unbiased(layer.out),
        _rms_weight(layer.mlp_norm),
        _unbiased(layer.gate_up),
        _unbiased(layer.down),
    )


def _unbiased(linear: nn.Module) -> LinearWeight:
    weight = LinearWeight.of(linear)
    weight.require_no_bias()
    return weight


def _rms_weight(norm: nn.Module) -> Tensor:
    """The weight of a norm, which must be x / rms(x) * weight: no other is in the kernels."""
    if not isinstance(norm, nn.RMSNorm) or norm.weight is None:
        raise ValueError(f"{norm} is no RMSNorm with a weight, and the kernels compute no other")
    return norm.weight
