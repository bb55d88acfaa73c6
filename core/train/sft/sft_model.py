"""The model while it is fine-tuned: the project's vision tower, transformers' decoder, and the loss of one pack.

The vision tower is the engine's own, because it takes all windows of a size in one call, where transformers' has a call
for each; the decoder is transformers', because the engines of training (peft, Liger's kernels) know its layers.
"""

from __future__ import annotations

import contextlib
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from core.model.config import VisionConfig
from core.model.qwen2_5_vl.patches import normalise, patchify
from core.model.qwen2_5_vl.vision import GridLayout, VisionBlock, VisionTower
from core.train.sft.pack import Pack


class CheckpointedBlock(VisionBlock):
    """Computes its activations anew in the backward pass."""

    def forward(self, x: Tensor, layout: GridLayout) -> Tensor:
        """As `VisionBlock`."""
        if not torch.is_grad_enabled():
            return super().forward(x, layout)
        again: Tensor = checkpoint(super().forward, x, layout, use_reentrant=False)
        return again


class TrainVisionTower(VisionTower):
    """The vision tower with `CheckpointedBlock`s. Same parameters by the same names."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__(config)
        windowed = [bool(block.windowed) for block in self.blocks]
        self.blocks = nn.ModuleList(CheckpointedBlock(config, w) for w in windowed)


class SftModel(nn.Module):
    """Vision tower, decoder and head.

    Attributes:
        focal_gamma: exponent of the focal loss on the decision to speak; 0: cross entropy.
        train_vision: whether gradients reach the vision tower.
    """

    def __init__(self, vision: VisionTower, decoder: nn.Module, head: nn.Linear) -> None:
        super().__init__()
        self.vision = vision
        self.decoder = decoder
        self.head = head
        self.focal_gamma = 0.0
        self.train_vision = False

    def forward(self, pack: Pack) -> Tensor:
        """The pack's weighted sum of losses, ()."""
        embeds = self.decoder.embed_tokens(pack.ids)  # type: ignore[operator]
        seen = torch.cat([self._embed_frames(frames) for frames in pack.frames])
        embeds = embeds.index_copy(0, pack.visual, seen.to(embeds.dtype))
        hidden = self.decoder(inputs_embeds=embeds[None], position_ids=pack.positions[:, None], **_unmasked(pack))[0]
        logits = self.head(hidden[0, pack.answer_at]).float()
        return (weighted_losses(logits, pack, self.focal_gamma)).sum()

    def _embed_frames(self, frames: Tensor) -> Tensor:
        """uint8 (frames, height, width, 3) -> (vision tokens, hidden)."""
        config = self.vision.config
        with contextlib.nullcontext() if self.train_vision else torch.no_grad():
            cut, grid = patchify(frames, config.patch, config.merge, config.temporal_patch)
            embedded: Tensor = self.vision(normalise(cut), grid)
        return embedded


def weighted_losses(logits: Tensor, pack: Pack, focal_gamma: float) -> Tensor:
    """Cross entropy of each answer token by its weight, (n,) float32.

    Where a round decides between words and silence it is focal, (1 - p)^gamma: easy decisions count less
    (Lin et al. 2017, equation 4).
    """
    losses = F.cross_entropy(logits, pack.answer_ids, reduction="none")
    if focal_gamma:
        focal = (1 - (-losses.detach()).exp()) ** focal_gamma
        losses = torch.where(pack.decides, losses * focal, losses)
    return losses * pack.weight


def _unmasked(pack: Pack) -> dict[str, Any]:
    """What tells transformers' decoder that the attention itself keeps the samples apart."""
    masks = {"full_attention": None, "sliding_attention": None}
    return {"attention_mask": masks, "use_cache": False, "lengths": pack.lengths}
