"""The shape of a model, frozen: what engine and cache know of it, whatever its family calls it."""

from __future__ import annotations

from dataclasses import dataclass

MLP_WIDTH_MULTIPLE = 64  # GEMMs are fastest at such widths


@dataclass(frozen=True, slots=True)
class VisionConfig:
    """The vision tower. `window_size` (pixels) is 0 where every block sees the whole grid (Qwen2-VL).

    Attributes:
        tokens_per_second: positions per second along a grid's time axis; None where each index is one step (Qwen2-VL).
        gated: the MLP is gate * up with SiLU and the norms are RMS (Qwen2.5-VL); else fc1, quick GELU, fc2 and
            layer norms (Qwen2-VL).
    """

    depth: int
    hidden: int
    heads: int
    intermediate: int
    out_hidden: int
    patch: int
    merge: int
    temporal_patch: int
    channels: int
    window_size: int
    full_attention_blocks: tuple[int, ...]
    tokens_per_second: float | None
    gated: bool

    def temporal_step(self, fps: float) -> float:
        """Positions between two temporal indices of a grid: 2 / fps seconds apart, or 1 where time is not scaled."""
        return 1.0 if self.tokens_per_second is None else self.temporal_patch / fps * self.tokens_per_second

    @property
    def mlp_width(self) -> int:
        """Width of the MLP as it is computed: a gated one is padded with zeros to MLP_WIDTH_MULTIPLE."""
        return -(-self.intermediate // MLP_WIDTH_MULTIPLE) * MLP_WIDTH_MULTIPLE if self.gated else self.intermediate

    @property
    def window_patches(self) -> int:
        """Patches in a window; 0 where there are none."""
        return (self.window_size // self.patch // self.merge * self.merge) ** 2

    @property
    def patch_values(self) -> int:
        """Numbers in one flattened patch."""
        return self.channels * self.temporal_patch * self.patch * self.patch


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The whole model; `vision` for the tower, the rest for the decoder."""

    kind: str
    hidden: int
    intermediate: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    vocab: int
    norm_eps: float
    rope_theta: float
    mrope_section: tuple[int, int, int]
    tied: bool
    vision: VisionConfig

    def kv_bytes_per_token(self, element_bytes: int) -> int:
        """Bytes that a cached token's key, rotated, and value take in all layers."""
        return 2 * self.raw_key_bytes_per_token(element_bytes)

    def raw_key_bytes_per_token(self, element_bytes: int) -> int:
        """Bytes that its unrotated key takes besides, where it is kept."""
        return self.layers * self.kv_heads * self.head_dim * element_bytes
