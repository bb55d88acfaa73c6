"""Induction heads written into fresh weights: they copy the name that stands beside a colour in the context.

After "In cyan," the answer is what followed these two tokens before. Two layers of attention can find that (Olsson et
al. 2022, "In-context Learning and Induction Heads"), but they only help once both are there, and training found other
ways first: it copied names from its own lines and guessed the first one. So both are written by hand, exactly, and
training goes on from there.

At a name, the two previous-token heads of the first layer copy which token stood one place and three places before: the
name and its colour (or the name of a keeper and his team). At "In cyan," the induction head of the second layer looks
for the place whose copy of three places before is the same colour, and copies the name from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from core.model.qwen2_5_vl.decoder import DecoderLayer
from core.train.train_model import TrainModel

OFFSETS = (1, 3)  # tokens back that the first layer looks
FAST_SHARE = 12 / 32  # of the rotation's frequencies tell a token from its neighbour; amplitude `OFFSET_SCALE`
OFFSET_SCALE = 9.0
SLOW_SHARE = 17 / 32  # rotate little within a stream's context: they compare contents at any distance; `MATCH_SCALE`
MATCH_SCALE = 1.5
COPY_SCALE = 10.0  # of what the first layer copies, in a residual stream whose root mean square is about 15 there
ANSWER_SCALE = 15.0  # of the name that is found
INDUCTION_LAYER = 2  # or the last, where there are fewer


@torch.no_grad()
def init_induction_heads(model: TrainModel, names: Sequence[int], seed: int = 0) -> None:
    """Put the heads in place of the first KV head's in the first layer and in INDUCTION_LAYER.

    Args:
        names: ids of the tokens to look up and to ask with: names and colours.
    """
    config = model.config
    decoder = model.decoder
    layers = cast(list[DecoderLayer], decoder.layers)
    size = config.head_dim
    if config.heads // config.kv_heads < len(OFFSETS):
        raise ValueError("induction heads need two query heads to a KV head")
    generator = torch.Generator().manual_seed(seed)
    basis = torch.linalg.qr(torch.randn(config.hidden, config.hidden, generator=generator)).Q
    copies = basis[:, :size], basis[:, size : 2 * size]  # where each of the two heads writes, (hidden, head_dim)
    code, mean = _codes(decoder.embed.weight, torch.tensor(names), size)
    query = slice(0, size)
    key = slice(config.heads * size, (config.heads + 1) * size)
    value = slice((config.heads + config.kv_heads) * size, (config.heads + config.kv_heads + 1) * size)

    previous_token = layers[0]
    induction = layers[min(INDUCTION_LAYER, len(layers) - 1)]
    weight = previous_token.qkv.weight
    bias = previous_token.qkv.bias
    norm = previous_token.input_norm.weight
    weight[key] = 0
    bias[key] = _rotated_query(size, config.rope_theta, 0)
    weight[value] = code / norm
    bias[value] = -(code @ mean)
    for number, (back, place) in enumerate(zip(OFFSETS, copies, strict=True)):
        rows = slice(number * size, (number + 1) * size)
        weight[rows] = 0
        bias[rows] = _rotated_query(size, config.rope_theta, back)
        previous_token.out.weight[:, rows] = COPY_SCALE * place

    weight = induction.qkv.weight
    bias = induction.qkv.bias
    norm = induction.input_norm.weight
    slow = _slow_rotation_projection(size, generator)
    weight[query] = MATCH_SCALE * slow @ (copies[0].T / norm)
    bias[query] = 0
    weight[key] = MATCH_SCALE * slow @ (copies[1].T / norm)
    bias[key] = 0
    weight[value] = copies[0].T / norm
    bias[value] = 0
    induction.out.weight[:, query] = ANSWER_SCALE * code.T
    induction.out.weight[:, size : 2 * size] = 0


def _codes(embeddings: Tensor, names: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """The (size, hidden) directions in which the normed embeddings of the names differ most, and their mean."""
    normed = F.rms_norm(embeddings, embeddings.shape[-1:], eps=1e-6)[names]
    mean = normed.mean(0)
    return torch.linalg.svd(normed - mean, full_matrices=False).Vh[:size], mean


def _rotated_query(size: int, theta: float, back: int) -> Tensor:
    """(size,) a query that looks `back` tokens back at keys that are all `_rotated_query(size, theta, 0)`."""
    angle = -back * theta ** -(torch.arange(0, size, 2) / size)
    amplitude = torch.zeros(size // 2)
    amplitude[: int(FAST_SHARE * len(amplitude))] = OFFSET_SCALE
    return torch.cat((amplitude * angle.cos(), amplitude * angle.sin()))


def _slow_rotation_projection(size: int, generator: torch.Generator) -> Tensor:
    """(size, size) brings any vector into the pairs that rotate least."""
    pairs = torch.arange(size // 2 - int(SLOW_SHARE * (size // 2)), size // 2)
    rows = torch.cat((pairs, pairs + size // 2))
    mixed = torch.zeros(size, size)
    mixed[rows] = torch.linalg.qr(torch.randn(size, size, generator=generator)).Q[: len(rows)]
    return mixed
