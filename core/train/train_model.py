"""The model while it learns: the engine's own two modules, fresh weights, and one forward pass over a padded batch."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.model.attention import CausalAttention
from core.model.config import ModelConfig, VisionConfig
from core.model.qwen2_5_vl.decoder import Decoder
from core.model.qwen2_5_vl.vision import GridLayout, VisionBlock, VisionTower
from core.model.rotary import mrope
from core.train.moved_prefix_attention import (
    ChunkAttention,
    CosSin,
    MovedPrefix,
    MovedPrefixAttention,
    PrefixAttention,
    PrefixLayout,
    attention_mask,
)

INIT_STD = 0.02


class MaskedBlock(VisionBlock):
    """Windows as a mask over whole-grid attention: the same numbers, and one fused kernel for a large batch."""

    def _attend_in_windows(self, q: Tensor, k: Tensor, v: Tensor, layout: GridLayout) -> Tensor:
        patches = q.shape[-2]
        window = layout.window_of()
        apart = window[:, None] != window
        bias = torch.zeros(patches, patches, dtype=q.dtype, device=q.device).masked_fill(apart, -math.inf)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return attended.transpose(1, 2)  # (grids, patches, heads, d)


class BatchedTower(VisionTower):
    """The vision tower for training: as `VisionTower`, with `MaskedBlock`s. Same parameters by the same names."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__(config)
        windowed = [bool(block.windowed) for block in self.blocks]
        self.blocks = nn.ModuleList(MaskedBlock(config, w) for w in windowed)


class TrainModel(nn.Module):
    """Vision tower and decoder.

    Attributes:
        compiled: whether the two halves run through torch.compile.
    """

    def __init__(self, config: ModelConfig, seed: int = 0) -> None:
        super().__init__()
        self.config = config
        self.vision = BatchedTower(config.vision)
        self.decoder = Decoder(config)
        initialise(self, config, seed)
        self._vision_forward = self.vision.forward
        self._decoder_forward = self._decode

    def compile_forward(self, rows: int, columns: int) -> None:
        """Compile vision tower and decoder for the one batch shape that training has: grids of rows x columns."""
        self.vision.layout(rows, columns, next(self.parameters()).device)
        self._vision_forward = torch.compile(self.vision.forward, dynamic=False)
        self._decoder_forward = torch.compile(self._decode, dynamic=False)

    def input_embeds(
        self, patches: Tensor, grid: tuple[int, int, int], ids: Tensor, visual: Tensor, uncompiled: bool = False
    ) -> Tensor:
        """What the decoder reads: (batch, tokens, hidden).

        Args:
            patches: (grids * patches, values) normalised pixels of the whole batch; grid: (grids, rows, columns).
            ids: (batch, tokens). visual: (grids * merged tokens,) where each visual token stands in the flattened ids.
            uncompiled: not through the compiled tower, which would be compiled once more for use without gradients.
        """
        seen = self.vision(patches, grid) if uncompiled else self._vision_forward(patches, grid)
        input_embeds = self.decoder.embed(ids)
        return input_embeds.flatten(0, 1).index_copy(0, visual, seen.to(input_embeds.dtype)).view_as(input_embeds)

    def hidden_states(self, input_embeds: Tensor, layout: PrefixLayout) -> Tensor:
        """(chunks, F + C, hidden), prefixes and their chunks -> hidden states before the head."""
        dtype = input_embeds.dtype
        mask = attention_mask(layout.count, layout.kept.shape[1], layout.chunk.shape[2], dtype)
        prefix, moved, chunk = (self._cos_sin(at, dtype) for at in (layout.prefix, layout.moved, layout.chunk))
        return self._decoder_forward(input_embeds, *prefix, layout.kept, *moved, *chunk, mask)

    def prefill_prefix(self, input_embeds: Tensor, layout: PrefixLayout) -> MovedPrefix:
        """What `hidden_states` takes from the prefixes (chunks, F, hidden) to the chunks; never compiled."""
        prefix, moved = (self._cos_sin(at, input_embeds.dtype) for at in (layout.prefix, layout.moved))
        attend = PrefixAttention(prefix, layout.kept, moved)
        self.decoder(input_embeds, attend)
        return MovedPrefix(attend.moved_prefix, layout.count)

    def prefill_chunk(self, input_embeds: Tensor, positions: Tensor, moved_prefix: MovedPrefix) -> Tensor:
        """`hidden_states` of the chunks alone, of any length: (chunks, tokens, hidden), (3, chunks, tokens) float32."""
        mask = attention_mask(
            moved_prefix.count, moved_prefix.entries[0][0].shape[2], input_embeds.shape[1], input_embeds.dtype
        )
        return self.decoder(
            input_embeds, ChunkAttention(moved_prefix.entries, self._cos_sin(positions, input_embeds.dtype), mask)
        )

    def causal_hidden_states(self, input_embeds: Tensor, positions: Tensor) -> Tensor:
        """Texts that stand for themselves, of any shape: (batch, tokens, hidden), (3, batch, tokens) float32."""
        return self.decoder(input_embeds, CausalAttention(*self._cos_sin(positions, input_embeds.dtype)))

    def _cos_sin(self, positions: Tensor, dtype: torch.dtype) -> CosSin:
        cos, sin = mrope(positions, self.config.head_dim, self.config.mrope_section, self.config.rope_theta)
        return cos.to(dtype), sin.to(dtype)

    def _decode(
        self, input_embeds: Tensor, prefix_cos: Tensor, prefix_sin: Tensor, kept: Tensor,
        moved_cos: Tensor, moved_sin: Tensor, cos: Tensor, sin: Tensor, mask: Tensor,
    ) -> Tensor:  # fmt: skip
        """Tensors alone, for the compiler."""
        attend = MovedPrefixAttention((prefix_cos, prefix_sin), kept, (moved_cos, moved_sin), (cos, sin), mask)
        return self.decoder(input_embeds, attend)

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., hidden) -> (..., vocabulary) float32."""
        return self.decoder.logits(hidden).float()


def initialise(model: nn.Module, config: ModelConfig, seed: int) -> None:
    """Normal(0, 0.02) everywhere, outputs of residual branches scaled by 1 / sqrt(2 layers), zero biases, norms of 1.

    Source: GPT-2 (Radford et al. 2019), section 2.3. The patch projection is scaled to its 1176 inputs.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim < 2:
                weight.fill_(0.0 if name.endswith("bias") else 1.0)
                continue
            depth = config.vision.depth if name.startswith("vision") else config.layers
            residual = name.endswith(("out.weight", "down.weight"))
            std = INIT_STD / math.sqrt(2 * depth) if residual else INIT_STD
            if "vision" in name and not residual:
                std = 1 / math.sqrt(weight.shape[1])
            weight.copy_(torch.randn(weight.shape, generator=generator) * std)
