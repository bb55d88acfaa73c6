"""The painter as one Triton kernel: a program paints one tile of one frame, ellipse by ellipse, in registers."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from core.train.bundled_config import FRAME_SIZE
from core.train.football.painter import GROUP, HEIGHT, SAMPLES, WIDTH, prepare

TILE_WIDTH = 64
TILE_HEIGHT = 32  # samples


def paint_on_gpu(rows: Tensor, view: Tensor, backdrop: Tensor, backdrops: Tensor) -> Tensor:
    """As `core.train.football.painter.paint`; rows (frames, n, 10) with n a multiple of GROUP. Returns bf16."""
    ready = prepare(rows, view).contiguous()
    groups = ready.unflatten(1, (-1, GROUP))
    boxes = torch.stack(
        (groups[..., 11].amin(2), groups[..., 12].amax(2), groups[..., 13].amin(2), groups[..., 14].amax(2)), -1
    ).contiguous()  # (frames, groups, 4)
    frames = len(rows)
    out = torch.empty(frames, 3, FRAME_SIZE[1], FRAME_SIZE[0], dtype=torch.bfloat16, device=rows.device)
    tiles = (-(-WIDTH // TILE_WIDTH), -(-HEIGHT // TILE_HEIGHT))
    _paint_tile[(frames, tiles[0] * tiles[1])](
        ready, boxes, view.contiguous(), backdrop.int().contiguous(), backdrops, out, boxes.shape[1], tiles[0],
        WIDTH, HEIGHT, FRAME_SIZE[0], FRAME_SIZE[1], GROUP, TILE_WIDTH, TILE_HEIGHT, SAMPLES, num_warps=4,
    )  # fmt: skip
    return out


@triton.jit
def _paint_tile(
    ready, boxes, view, backdrop, backdrops, out, groups, tiles_across,
    WIDTH: tl.constexpr, HEIGHT: tl.constexpr, OUT_WIDTH: tl.constexpr, OUT_HEIGHT: tl.constexpr,
    GROUP: tl.constexpr, TILE_W: tl.constexpr, TILE_H: tl.constexpr, S: tl.constexpr,
):  # fmt: skip
    """One tile of one frame; the arguments are `paint_on_gpu`'s, flat."""
    frame = tl.program_id(0).to(tl.int64)
    tile = tl.program_id(1)
    left = (tile % tiles_across) * TILE_W
    top = (tile // tiles_across) * TILE_H
    x = tl.load(view + frame * 4) + tl.load(view + frame * 4 + 2) * (left + tl.arange(0, TILE_W) + 0.5)
    y = tl.load(view + frame * 4 + 1) + tl.load(view + frame * 4 + 3) * (top + tl.arange(0, TILE_H) + 0.5)
    texture = backdrops + tl.load(backdrop + frame).to(tl.int64) * (3 * WIDTH * HEIGHT)
    red = _bilinear(texture, x, y, WIDTH, HEIGHT)
    green = _bilinear(texture + WIDTH * HEIGHT, x, y, WIDTH, HEIGHT)
    blue = _bilinear(texture + 2 * WIDTH * HEIGHT, x, y, WIDTH, HEIGHT)
    for group in range(groups):
        if _meets_tile(boxes + (frame * groups + group) * 4, left, top, TILE_W, TILE_H):
            for member in range(GROUP):
                at = ready + ((frame * groups + group) * GROUP + member) * 16
                if _meets_tile(at + 11, left, top, TILE_W, TILE_H):
                    cover = _cover(at, x, y)
                    red += (tl.load(at + 7) - red) * cover
                    green += (tl.load(at + 8) - green) * cover
                    blue += (tl.load(at + 9) - blue) * cover

    out_column = left // S + tl.arange(0, TILE_W // S)
    out_row = top // S + tl.arange(0, TILE_H // S)
    where = out_row[:, None] * OUT_WIDTH + out_column[None, :]
    inside = (out_row[:, None] < OUT_HEIGHT) & (out_column[None, :] < OUT_WIDTH)
    target = out + frame * (3 * OUT_WIDTH * OUT_HEIGHT) + where
    tl.store(target, _downsampled(red, TILE_W, TILE_H, S), mask=inside)
    tl.store(target + OUT_WIDTH * OUT_HEIGHT, _downsampled(green, TILE_W, TILE_H, S), mask=inside)
    tl.store(target + 2 * OUT_WIDTH * OUT_HEIGHT, _downsampled(blue, TILE_W, TILE_H, S), mask=inside)


@triton.jit
def _bilinear(plane, x, y, WIDTH: tl.constexpr, HEIGHT: tl.constexpr):
    """float32 (len(y), len(x)): one colour plane of a backdrop at points of the 1280 x 720 pitch picture."""
    tx = tl.minimum(tl.maximum(x * (WIDTH / 1280.0) - 0.5, 0.0), WIDTH - 1.0)
    ty = tl.minimum(tl.maximum(y * (HEIGHT / 720.0) - 0.5, 0.0), HEIGHT - 1.0)
    ix = tl.floor(tx).to(tl.int32)
    iy = tl.floor(ty).to(tl.int32)
    fx = (tx - ix)[None, :]
    fy = (ty - iy)[:, None]
    jx = tl.minimum(ix + 1, WIDTH - 1)[None, :]
    upper = iy[:, None] * WIDTH
    lower = tl.minimum(iy + 1, HEIGHT - 1)[:, None] * WIDTH
    ix = ix[None, :]
    up = tl.load(plane + upper + ix).to(tl.float32) * (1 - fx) + tl.load(plane + upper + jx).to(tl.float32) * fx
    low = tl.load(plane + lower + ix).to(tl.float32) * (1 - fx) + tl.load(plane + lower + jx).to(tl.float32) * fx
    return up * (1 - fy) + low * fy


@triton.jit
def _meets_tile(box, left, top, TILE_W: tl.constexpr, TILE_H: tl.constexpr):
    """Whether a box (left, right, top, bottom in samples) overlaps the tile."""
    across = (tl.load(box) < left + TILE_W) & (tl.load(box + 1) > left)
    return across & (tl.load(box + 2) < top + TILE_H) & (tl.load(box + 3) > top)


@triton.jit
def _cover(ellipse, x, y):
    """float32 (len(y), len(x)): how much of each sample an ellipse covers, its opacity included."""
    dx = (x - tl.load(ellipse))[None, :]
    dy = (y - tl.load(ellipse + 1))[:, None]
    u = tl.load(ellipse + 2) * dx + tl.load(ellipse + 3) * dy
    v = tl.load(ellipse + 4) * dx + tl.load(ellipse + 5) * dy
    cover = 0.5 + tl.load(ellipse + 6) * (1.0 - tl.sqrt(u * u + v * v))
    return tl.minimum(tl.maximum(cover, 0.0), 1.0) * tl.load(ellipse + 10)


@triton.jit
def _downsampled(samples, TILE_W: tl.constexpr, TILE_H: tl.constexpr, S: tl.constexpr):
    """bf16 (TILE_H / S, TILE_W / S): the mean of S x S samples a pixel."""
    sums = tl.sum(tl.sum(tl.reshape(samples, (TILE_H // S, S, TILE_W // S, S)), 3), 1)
    return (sums / (S * S)).to(tl.bfloat16)
