"""The language decoder of Qwen2-VL and Qwen2.5-VL: one plain module, attention handed in from outside.

The decoder computes unrotated q, k and v and asks `attend(layer, q, k, v)` for the attended values; whether that is a
compact cache, a whole sequence or a graph buffer is not its business. Projections that share their input are fused
(`qkv`, `gate_up`); `core/model/checkpoint.py` maps the published names onto them.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.model.config import ModelConfig

Attend = Callable[[int, Tensor, Tensor, Tensor], Tensor]


class DecoderLayer(nn.Module):
    """Pre-norm attention and gated MLP, both residual."""

    def __init__(self, config: ModelConfig, index: int) -> None:
        super().__init__()
        self.index = index
        self.heads = config.heads
        self.kv_heads = config.kv_heads
        self.head_dim = config.head_dim
        attended = config.heads * config.head_dim
        self.input_norm = nn.RMSNorm(config.hidden, eps=config.norm_eps)
        self.qkv = nn.Linear(config.hidden, attended + 2 * config.kv_heads * config.head_dim)
        self.out = nn.Linear(attended, config.hidden, bias=False)
        self.mlp_norm = nn.RMSNorm(config.hidden, eps=config.norm_eps)
        self.gate_up = nn.Linear(config.hidden, 2 * config.intermediate, bias=False)
        self.down = nn.Linear(config.intermediate, config.hidden, bias=False)

    def forward(self, x: Tensor, attend: Attend, wanted: int | None = None) -> Tensor:
        """x: (batch, tokens, hidden) -> (batch, wanted, hidden): of the last tokens, or of all."""
        batch, tokens, _ = x.shape
        qkv = self.qkv(self.input_norm(x)).view(batch, tokens, self.heads + 2 * self.kv_heads, self.head_dim)
        q, k, v = qkv.transpose(1, 2).split((self.heads, self.kv_heads, self.kv_heads), dim=1)
        if wanted is not None:
            x = x[:, -wanted:]
            q = q[:, :, -wanted:]
        attended = attend(self.index, q, k, v)  # (batch, heads, wanted, head_dim)
        x = x + self.out(attended.transpose(1, 2).flatten(2))
        gate, up = self.gate_up(self.mlp_norm(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Decoder(nn.Module):
    """Token embeddings, layers, final norm and head. A tied head is the embedding matrix itself."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        unset = torch.empty(config.vocab, config.hidden)  # torch would draw it at random, and import much for that
        self.embed = nn.Embedding.from_pretrained(unset, freeze=False)
        self.layers = nn.ModuleList(DecoderLayer(config, index) for index in range(config.layers))
        self.norm = nn.RMSNorm(config.hidden, eps=config.norm_eps)
        self.head = nn.Linear(config.hidden, config.vocab, bias=False)
        if config.tied:
            self.head.weight = self.embed.weight

    def forward(self, x: Tensor, attend: Attend, wanted: int | None = None) -> Tensor:
        """Embeddings (batch, tokens, hidden) -> normed hidden states (batch, wanted, hidden) of the last tokens.

        None: of all. The last layer does for the others only what those still ask of it: keys and values.
        """
        *layers, last = self.layers
        for layer in layers:
            x = layer(x, attend)
        return self.norm(last(x, attend, wanted))

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., hidden) -> (..., vocab)."""
        return self.head(hidden)
