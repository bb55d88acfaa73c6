"""The vision tower: patches of two frames in, one token for every 2 x 2 patches out.

Qwen2.5-VL: most blocks attend inside windows of `window_size` pixels, a few over the whole grid. Qwen2-VL: all blocks
over the whole grid. Each temporal index of a grid attends to itself alone, so it is a batch axis here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.model.config import VisionConfig
from core.model.qwen2_5_vl.patches import normalise, patchify
from core.model.rotary import axial, rotate

PatchGrid = tuple[int, int, int]  # temporal indices, rows and columns of patches


@dataclass(frozen=True)
class GridLayout:
    """What depends on the grid's rows and columns alone; computed once for each shape.

    Attributes:
        order: (patches,) patches sorted by window, the largest windows first, merge groups kept together.
        merged_back: (tokens,) puts merged tokens back into row order.
        cos, sin: (patches, head_dim) in window order.
        windows: (windows, patches in each) for each size of window, in order.
    """

    order: Tensor
    merged_back: Tensor
    cos: Tensor
    sin: Tensor
    windows: tuple[tuple[int, int], ...]

    def window_of(self) -> Tensor:
        """(patches,) which window each ordered patch is in."""
        sizes = [size for count, size in self.windows for _ in range(count)]
        return torch.cat([torch.full((size,), n, device=self.order.device) for n, size in enumerate(sizes)])


def grid_layout(config: VisionConfig, rows: int, columns: int, device: torch.device) -> GridLayout:
    """Window order and rotation for a grid of `rows` x `columns` patches (both multiples of `merge`)."""
    merge = config.merge
    merged = torch.arange(rows * columns // merge**2).view(rows // merge, columns // merge)
    side = max(1, config.window_size // config.patch // merge) if config.window_size else max(merged.shape)
    windows = [tile.flatten() for band in merged.split(side, 0) for tile in band.split(side, 1)]
    windows.sort(key=len, reverse=True)  # those on the edges may be smaller
    token_order = torch.cat(windows)
    order = (token_order[:, None] * merge**2 + torch.arange(merge**2)).flatten()
    sizes = Counter(len(window) * merge**2 for window in windows)
    row, column = _patch_coordinates(rows, columns, merge)
    cos, sin = axial(row[order], column[order], config.hidden // config.heads)
    return GridLayout(
        order=order.to(device),
        merged_back=token_order.argsort().to(device),
        cos=cos.to(device),
        sin=sin.to(device),
        windows=tuple((count, size) for size, count in sizes.items()),
    )


def _patch_coordinates(rows: int, columns: int, merge: int) -> tuple[Tensor, Tensor]:
    """Row and column of each patch in the order patches come: merge groups in row order, row order inside."""
    row, column = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    shape = (rows // merge, merge, columns // merge, merge)
    return row.reshape(shape).transpose(1, 2).flatten(), column.reshape(shape).transpose(1, 2).flatten()


class VisionBlock(nn.Module):
    """Pre-norm attention (inside windows or over the grid) and MLP, both residual."""

    def __init__(self, config: VisionConfig, windowed: bool) -> None:
        super().__init__()
        self.heads = config.heads
        self.windowed = windowed
        self.gated = config.gated
        norm = nn.RMSNorm if config.gated else nn.LayerNorm
        self.norm1 = norm(config.hidden, eps=1e-6)
        self.norm2 = norm(config.hidden, eps=1e-6)
        self.qkv = nn.Linear(config.hidden, 3 * config.hidden)
        self.out = nn.Linear(config.hidden, config.hidden)
        self.up = nn.Linear(config.hidden, (2 if config.gated else 1) * config.mlp_width)
        self.down = nn.Linear(config.mlp_width, config.hidden)

    def forward(self, x: Tensor, layout: GridLayout) -> Tensor:
        """x: (grids, patches, hidden) in window order -> the same shape."""
        x = x + self.out(self._attend(self.norm1(x), layout))
        return x + self.down(self._mlp(self.norm2(x)))

    def _attend(self, x: Tensor, layout: GridLayout) -> Tensor:
        grids, patches, hidden = x.shape
        qkv = self.qkv(x).view(grids, patches, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k = rotate(qkv[:2], layout.cos.to(x.dtype), layout.sin.to(x.dtype))
        v = qkv[2]
        if not self.windowed:
            attended = F.scaled_dot_product_attention(q, k, v)  # (grids, heads, patches, head_dim)
            return attended.transpose(1, 2).reshape(grids, patches, hidden)
        return self._attend_in_windows(q, k, v, layout).reshape(grids, patches, hidden)

    def _attend_in_windows(self, q: Tensor, k: Tensor, v: Tensor, layout: GridLayout) -> Tensor:
        """q, k, v: (grids, heads, patches, d) -> (grids, patches, heads, d)."""
        attended = []
        start = 0
        for count, size in layout.windows:
            stop = start + count * size
            inside = (t[:, :, start:stop].unflatten(2, (count, size)).transpose(1, 2).flatten(0, 1) for t in (q, k, v))
            part = F.scaled_dot_product_attention(*inside)  # (grids * count, heads, size, d)
            attended.append(part.unflatten(0, (len(q), count)).transpose(2, 3).flatten(1, 2))
            start = stop
        return torch.cat(attended, dim=1)

    def _mlp(self, x: Tensor) -> Tensor:
        if not self.gated:
            up = self.up(x)
            return up * torch.sigmoid(1.702 * up)
        gate, up = self.up(x).chunk(2, dim=-1)
        return F.silu(gate) * up


class VisionTower(nn.Module):
    """Patch embedding, blocks and merger."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.config = config
        group = config.hidden * config.merge**2
        self.patch_embed = nn.Linear(config.patch_values, config.hidden, bias=False)
        windowed = [bool(config.window_size) and n not in config.full_attention_blocks for n in range(config.depth)]
        self.blocks = nn.ModuleList(VisionBlock(config, w) for w in windowed)
        self.merge_norm = (nn.RMSNorm if config.gated else nn.LayerNorm)(config.hidden, eps=1e-6)
        self.merge_in = nn.Linear(group, group)
        self.merge_out = nn.Linear(group, config.out_hidden)
        self._layouts: dict[tuple[int, int, torch.device], GridLayout] = {}

    @property
    def dtype(self) -> torch.dtype:
        return self.patch_embed.weight.dtype

    def forward(self, patches: Tensor, grid: PatchGrid) -> Tensor:
        """Embed one grid, or a batch of grids of one shape stacked along the temporal axis.

        Args:
            patches: (t * rows * columns, patch_values) normalised pixels, in the order that `patchify` cuts them.
            grid: (t, rows, columns) in patches.

        Returns:
            (t * rows * columns / merge**2, out_hidden), in row order.
        """
        t, rows, columns = grid
        layout = self.layout(rows, columns, patches.device)
        x = self.patch_embed(patches.to(self.dtype)).view(t, rows * columns, -1)
        x = x[:, layout.order]
        for block in self.blocks:
            x = block(x, layout)
        x = self.merge_norm(x).view(t, rows * columns // self.config.merge**2, -1)
        x = self.merge_out(F.gelu(self.merge_in(x)))
        return x[:, layout.merged_back].flatten(0, 1)

    def layout(self, rows: int, columns: int, device: torch.device) -> GridLayout:
        """That of a grid of `rows` x `columns` patches; made once."""
        key = (rows, columns, device)
        if key not in self._layouts:
            self._layouts[key] = grid_layout(self.config, rows, columns, device)
        return self._layouts[key]


def embed_frames(tower: VisionTower, pixels: Tensor) -> Tensor:
    """Pictures (frames, height, width, 3), 0 to 255, an odd last one counting twice -> (tokens, out_hidden)."""
    config = tower.config
    cut, grid = patchify(pixels, config.patch, config.merge, config.temporal_patch)
    return tower(normalise(cut), grid)
