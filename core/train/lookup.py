"""Heads that look names up, planted into a student: the way from a colour to the name beside it in the context.

"In cyan," asks for what stood behind these two tokens before. Two layers of attention can answer that (Olsson et al.
2022, "In-context Learning and Induction Heads"), but they only help once both are there, and training found other ways
first: it copied names from its own lines and guessed the first one. So both are written by hand, exactly, and training
goes on from there.

Behind a name, the first layer's two heads note which token stood one place and three places before: the name and its
colour (or the name of a keeper and his team). Behind "In cyan," the second layer's head asks for a note with the same
colour three places before, and takes over the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from core.model.qwen2_5_vl.decoder import DecoderLayer
from core.train.student import Student

BACK = (1, 3)  # tokens
FAST_SHARE = 12 / 32  # of the rotation's frequencies tell a token from its neighbour; amplitude `SHARP`
SHARP = 9.0
SLOW_SHARE = 17 / 32  # hardly turn within a stream's context, so they compare contents at any distance; scale `STRICT`
STRICT = 1.5
LOUD = 10.0  # of the notes, in a residual stream whose root mean square is about 15 behind the first layer
ALOUD = 15.0  # of the name that is found
ASKING_LAYER = 2  # or the last, where there are fewer


@torch.no_grad()
def plant(student: Student, names: Sequence[int], seed: int = 0) -> None:
    """Put the heads in place of the first KV head's in the first layer and in ASKING_LAYER.

    Args:
        names: ids of the tokens to look up and to ask with: names and colours.
    """
    config = student.config
    decoder = student.decoder
    layers = cast(list[DecoderLayer], decoder.layers)
    size = config.head_dim
    if config.heads // config.kv_heads < len(BACK):
        raise ValueError("the lookup needs two query heads to a KV head")
    generator = torch.Generator().manual_seed(seed)
    basis = torch.linalg.qr(torch.randn(config.hidden, config.hidden, generator=generator)).Q
    notes = basis[:, :size], basis[:, size : 2 * size]  # where each of the two heads writes, (hidden, head_dim)
    code, mean = _codes(decoder.embed.weight, torch.tensor(names), size)
    query = slice(0, size)
    key = slice(config.heads * size, (config.heads + 1) * size)
    value = slice((config.heads + config.kv_heads) * size, (config.heads + config.kv_heads + 1) * size)

    noting = layers[0]
    asking = layers[min(ASKING_LAYER, len(layers) - 1)]
    weight = noting.qkv.weight
    bias = noting.qkv.bias
    norm = noting.input_norm.weight
    weight[key] = 0
    bias[key] = _turned(size, config.rope_theta, 0)
    weight[value] = code / norm
    bias[value] = -(code @ mean)
    for number, (back, place) in enumerate(zip(BACK, notes, strict=True)):
        rows = slice(number * size, (number + 1) * size)
        weight[rows] = 0
        bias[rows] = _turned(size, config.rope_theta, back)
        noting.out.weight[:, rows] = LOUD * place

    weight = asking.qkv.weight
    bias = asking.qkv.bias
    norm = asking.input_norm.weight
    still = _still(size, generator)
    weight[query] = STRICT * still @ (notes[0].T / norm)
    bias[query] = 0
    weight[key] = STRICT * still @ (notes[1].T / norm)
    bias[key] = 0
    weight[value] = notes[0].T / norm
    bias[value] = 0
    asking.out.weight[:, query] = ALOUD * code.T
    asking.out.weight[:, size : 2 * size] = 0


def _codes(embeddings: Tensor, names: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """The (size, hidden) directions in which the normed embeddings of the names differ most, and their mean."""
    normed = F.rms_norm(embeddings, embeddings.shape[-1:], eps=1e-6)[names]
    mean = normed.mean(0)
    return torch.linalg.svd(normed - mean, full_matrices=False).Vh[:size], mean


def _turned(size: int, theta: float, back: int) -> Tensor:
    """(size,) a query that looks `back` tokens back at keys that are all `_turned(size, theta, 0)`."""
    angle = -back * theta ** -(torch.arange(0, size, 2) / size)
    amplitude = torch.zeros(size // 2)
    amplitude[: int(FAST_SHARE * len(amplitude))] = SHARP
    return torch.cat((amplitude * angle.cos(), amplitude * angle.sin()))


def _still(size: int, generator: torch.Generator) -> Tensor:
    """(size, size) brings any vector into the pairs that hardly turn."""
    pairs = torch.arange(size // 2 - int(SLOW_SHARE * (size // 2)), size // 2)
    rows = torch.cat((pairs, pairs + size // 2))
    mixed = torch.zeros(size, size)
    mixed[rows] = torch.linalg.qr(torch.randn(size, size, generator=generator)).Q[: len(rows)]
    return mixed
