"""What a step computes, and which share of the device's rate that is (MFU)."""

from __future__ import annotations

from dataclasses import dataclass

from core.model.config import ModelConfig
from core.train.sft.pack import Pack
from core.train.sft.sft_config import SftConfig

DENSE_BF16 = {
    "B200": 2250e12,
    "H200": 989e12,
    "H100": 989e12,
    "A100": 312e12,
    "L40S": 362e12,
    "RTX 5090": 210e12,
    "RTX 4090": 165e12,
}
"""Multiply-adds counted twice, per second, by the makers' data sheets, without sparsity."""


def peak_rate(device_name: str) -> float | None:
    """Of a device by its name; None where it is not known."""
    return next((rate for name, rate in DENSE_BF16.items() if name in device_name), None)


@dataclass(frozen=True, slots=True)
class FlopCount:
    """Floating-point operations of training on a pack. What checkpointing computes anew is not counted (MFU's rule).

    Attributes:
        passes: forward passes' worth of matrix products of the decoder: 3, with LoRA 2, since frozen matrices get no
            gradient of their own. Attention has no weights and counts 3 in both.
        vision_passes: 3 where the vision tower learns, else 1.
    """

    model: ModelConfig
    passes: int
    vision_passes: int

    @classmethod
    def of(cls, model: ModelConfig, sft: SftConfig) -> FlopCount:
        return cls(model, 2 if sft.lora_rank else 3, 3 if sft.train_vision else 1)

    def pack(self, pack: Pack) -> float:
        """Of one pack."""
        model = self.model
        matrices = 2 * decoder_weights(model) * sum(pack.lengths)
        attention = sum(2 * model.layers * model.heads * model.head_dim * length**2 for length in pack.lengths)
        head = 2 * model.hidden * model.vocab * len(pack.answer_ids)
        patch = model.vision.patch
        vision = sum(
            self._vision(-(-len(f) // model.vision.temporal_patch), f.shape[1] * f.shape[2] // patch**2)
            for f in pack.frames
        )
        return self.passes * (matrices + head) + 3 * attention + self.vision_passes * vision

    def _vision(self, grids: int, patches: int) -> float:
        """Forward pass of grids of so many patches."""
        vision = self.model.vision
        blocks = vision.depth * vision.hidden * (4 * vision.hidden + (3 if vision.gated else 2) * vision.intermediate)
        group = vision.hidden * vision.merge**2
        merger = group * (group + vision.out_hidden) / vision.merge**2
        whole = len(vision.full_attention_blocks)
        seen = whole * patches + (vision.depth - whole) * min(patches, vision.window_patches or patches)
        weights = blocks + merger + vision.hidden * vision.patch_values
        return grids * patches * (2 * weights + 4 * vision.hidden * seen)


def decoder_weights(model: ModelConfig) -> int:
    """Of the decoder's matrices, embedding and head left out."""
    attention = model.hidden * model.head_dim * (2 * model.heads + 2 * model.kv_heads)
    return model.layers * (attention + 3 * model.hidden * model.intermediate)
