"""The vision tower as CUDA graphs, one for each size of frame: a launch for some three hundred kernels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.engine.backends.cuda import elementwise, vision_kernels
from core.engine.backends.cuda.elementwise import Activations, LinearOutput
from core.engine.backends.cuda.graph import capture
from core.engine.backends.cuda.weights import LinearWeight
from core.model.fp8 import Fp8Linear
from core.model.qwen2_5_vl.vision import GridLayout, VisionBlock, VisionTower, embed_frames
from core.video.resize import pad_frames

MAX_FRAME_SIZES = 4  # whose graphs are kept, 60 MB each; a source may change its frame size now and then


@dataclass(frozen=True, slots=True)
class Recording:
    """A graph with the place of its input and of its output."""

    graph: torch.cuda.CUDAGraph
    pixels: Tensor
    embedded: Tensor


class VisionGraph:
    """Called like `core.model.qwen2_5_vl.vision.embed_frames`, its reference. One temporal index after the other."""

    def __init__(self, tower: VisionTower) -> None:
        self._tower = tower
        config = tower.config
        windowed = config.gated and 0 < config.window_patches <= vision_kernels.MAX_WINDOW
        fused = windowed and tower.dtype != torch.float32
        self._embed: Callable[[Tensor], Tensor] = FusedVision(tower) if fused else partial(embed_frames, tower)
        self._recordings: dict[torch.Size, Recording] = {}

    def __call__(self, pixels: Tensor) -> Tensor:
        """(frames, height, width, 3), 0 to 255, an odd last one counting twice -> (tokens, out_hidden)."""
        temporal = self._tower.config.temporal_patch
        embedded = []
        for pair in pad_frames(pixels, temporal).split(temporal):
            if pair.shape not in self._recordings:
                for oldest in list(self._recordings)[: 1 - MAX_FRAME_SIZES]:
                    del self._recordings[oldest]
                self._recordings[pair.shape] = self._record(pair)
            recording = self._recordings[pair.shape]
            recording.pixels.copy_(pair)
            recording.graph.replay()
            embedded.append(recording.embedded.clone())
        return torch.cat(embedded) if len(embedded) > 1 else embedded[0]

    def _record(self, pixels: Tensor) -> Recording:
        place = pixels.to(torch.float32, copy=True)
        graph, embedded = capture(lambda: self._embed(place))
        return Recording(graph, place, embedded)


class FusedVision:
    """A tower with windows and gates, its own weights, one temporal index: a kernel between each two products."""

    def __init__(self, tower: VisionTower) -> None:
        self._tower = tower
        self._fp8 = isinstance(tower.blocks[0].qkv, Fp8Linear)

    def __call__(self, pixels: Tensor) -> Tensor:
        """(temporal, height, width, 3) -> (tokens, out_hidden)."""
        tower = self._tower
        config = self._tower.config
        layout = tower.layout(pixels.shape[1] // config.patch, pixels.shape[2] // config.patch, pixels.device)
        cos = layout.cos.to(tower.dtype)
        sin = layout.sin.to(tower.dtype)
        patches = pixels.new_empty(len(layout.order), config.patch_values, dtype=tower.dtype)
        vision_kernels.patchify(pixels, layout.order, config.patch, config.merge, patches)
        x = tower.patch_embed(patches)
        delta = None
        normed, gated = (Activations.empty(x, n, self._fp8) for n in (config.hidden, config.mlp_width))
        for block in tower.blocks:
            assert isinstance(block, VisionBlock)
            elementwise.add_rms_norm(x, delta, block.norm1.weight, 1e-6, normed)
            attended = self._attend(block, product(normed, block.qkv).values, cos, sin, layout)
            elementwise.add_rms_norm(x, product(Activations(attended), block.out), block.norm2.weight, 1e-6, normed)
            elementwise.silu_mul(product(normed, block.up), gated)
            delta = product(gated, block.down)
        embedded = Activations.empty(x, config.hidden, False)
        elementwise.add_rms_norm(x, delta, tower.merge_norm.weight, 1e-6, embedded)
        merged = embedded.values.view(-1, config.merge**2 * config.hidden)
        return tower.merge_out(F.gelu(tower.merge_in(merged)))[layout.merged_back]

    def _attend(self, block: VisionBlock, qkv: Tensor, cos: Tensor, sin: Tensor, layout: GridLayout) -> Tensor:
        """q, k and v (patches, 3 * hidden) -> what is attended (patches, hidden)."""
        out = qkv.new_empty(len(qkv), qkv.shape[1] // 3)
        if block.windowed:
            first = 0
            for count, size in layout.windows:
                vision_kernels.window_attention(qkv, cos, sin, first, count, size, block.heads, out)
                first += count * size
            return out
        vision_kernels.rotate_qk(qkv, cos, sin, block.heads)
        q, k, v = qkv.view(len(out), 3, block.heads, -1).permute(1, 2, 0, 3)[:, None]
        return F.scaled_dot_product_attention(q, k, v)[0].transpose(0, 1).reshape(out.shape)


def product(x: Activations, layer: nn.Module) -> LinearOutput:
    """x through a linear layer, whatever its weight is."""
    return elementwise.linear(x, LinearWeight.of(layer), apply_scales=True)
