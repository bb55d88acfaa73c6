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
    _paint[(frames, tiles[0] * tiles[1])](
        ready, boxes, view.contiguous(), backdrop.int().contiguous(), backdrops, out, boxes.shape[1], tiles[0],
        WIDTH, HEIGHT, FRAME_SIZE[0], FRAME_SIZE[1], GROUP, TILE_WIDTH, TILE_HEIGHT, SAMPLES, num_warps=4,
    )  # fmt: skip
    return out


@triton.jit
def _paint(
    ready, boxes, view, backdrop, backdrops, out, groups, tiles_across,
    WIDTH: tl.constexpr, HEIGHT: tl.constexpr, OUT_WIDTH: tl.constexpr, OUT_HEIGHT: tl.constexpr,
    GROUP: tl.constexpr, TILE_W: tl.constexpr, TILE_H: tl.constexpr, S: tl.constexpr,
):  # fmt: skip
    """One tile of one frame; the arguments are `paint_on_gpu`'s, flat."""
    frame = tl.program_id(0).to(tl.int64)
    tile = tl.program_id(1)
    left = (tile % tiles_across) * TILE_W
    top = (tile // tiles_across) * TILE_H
    column = left + tl.arange(0, TILE_W)
    row = top + tl.arange(0, TILE_H)
    x = tl.load(view + frame * 4) + tl.load(view + frame * 4 + 2) * (column + 0.5)
    y = tl.load(view + frame * 4 + 1) + tl.load(view + frame * 4 + 3) * (row + 0.5)

    tx = tl.minimum(tl.maximum(x * (WIDTH / 1280.0) - 0.5, 0.0), WIDTH - 1.0)
    ty = tl.minimum(tl.maximum(y * (HEIGHT / 720.0) - 0.5, 0.0), HEIGHT - 1.0)
    ix = tl.floor(tx).to(tl.int32)
    iy = tl.floor(ty).to(tl.int32)
    fx = (tx - ix)[None, :]
    fy = (ty - iy)[:, None]
    jx = tl.minimum(ix + 1, WIDTH - 1)
    jy = tl.minimum(iy + 1, HEIGHT - 1)
    texture = backdrops + tl.load(backdrop + frame).to(tl.int64) * (3 * WIDTH * HEIGHT)
    nw = iy[:, None] * WIDTH + ix[None, :]
    ne = iy[:, None] * WIDTH + jx[None, :]
    sw = jy[:, None] * WIDTH + ix[None, :]
    se = jy[:, None] * WIDTH + jx[None, :]
    plane = WIDTH * HEIGHT
    up = tl.load(texture + nw).to(tl.float32) * (1 - fx) + tl.load(texture + ne).to(tl.float32) * fx
    low = tl.load(texture + sw).to(tl.float32) * (1 - fx) + tl.load(texture + se).to(tl.float32) * fx
    red = up * (1 - fy) + low * fy
    up = tl.load(texture + plane + nw).to(tl.float32) * (1 - fx) + tl.load(texture + plane + ne).to(tl.float32) * fx
    low = tl.load(texture + plane + sw).to(tl.float32) * (1 - fx) + tl.load(texture + plane + se).to(tl.float32) * fx
    green = up * (1 - fy) + low * fy
    up = (
        tl.load(texture + 2 * plane + nw).to(tl.float32) * (1 - fx)
        + tl.load(texture + 2 * plane + ne).to(tl.float32) * fx
    )
    low = (
        tl.load(texture + 2 * plane + sw).to(tl.float32) * (1 - fx)
        + tl.load(texture + 2 * plane + se).to(tl.float32) * fx
    )
    blue = up * (1 - fy) + low * fy

    for group in range(groups):
        box = boxes + (frame * groups + group) * 4
        if (
            (tl.load(box) < left + TILE_W)
            & (tl.load(box + 1) > left)
            & (tl.load(box + 2) < top + TILE_H)
            & (tl.load(box + 3) > top)
        ):
            for member in range(GROUP):
                at = ready + ((frame * groups + group) * GROUP + member) * 16
                if (
                    (tl.load(at + 11) < left + TILE_W)
                    & (tl.load(at + 12) > left)
                    & (tl.load(at + 13) < top + TILE_H)
                    & (tl.load(at + 14) > top)
                ):
                    dx = (x - tl.load(at))[None, :]
                    dy = (y - tl.load(at + 1))[:, None]
                    u = tl.load(at + 2) * dx + tl.load(at + 3) * dy
                    v = tl.load(at + 4) * dx + tl.load(at + 5) * dy
                    cover = 0.5 + tl.load(at + 6) * (1.0 - tl.sqrt(u * u + v * v))
                    cover = tl.minimum(tl.maximum(cover, 0.0), 1.0) * tl.load(at + 10)
                    red += (tl.load(at + 7) - red) * cover
                    green += (tl.load(at + 8) - green) * cover
                    blue += (tl.load(at + 9) - blue) * cover

    out_column = left // S + tl.arange(0, TILE_W // S)
    out_row = top // S + tl.arange(0, TILE_H // S)
    where = out_row[:, None] * OUT_WIDTH + out_column[None, :]
    inside = (out_row[:, None] < OUT_HEIGHT) & (out_column[None, :] < OUT_WIDTH)
    target = out + frame * (3 * OUT_WIDTH * OUT_HEIGHT) + where
    area: tl.constexpr = S * S
    red = tl.sum(tl.sum(tl.reshape(red, (TILE_H // S, S, TILE_W // S, S)), 3), 1) / area
    green = tl.sum(tl.sum(tl.reshape(green, (TILE_H // S, S, TILE_W // S, S)), 3), 1) / area
    blue = tl.sum(tl.sum(tl.reshape(blue, (TILE_H // S, S, TILE_W // S, S)), 3), 1) / area
    tl.store(target, red.to(tl.bfloat16), mask=inside)
    tl.store(target + OUT_WIDTH * OUT_HEIGHT, green.to(tl.bfloat16), mask=inside)
    tl.store(target + 2 * OUT_WIDTH * OUT_HEIGHT, blue.to(tl.bfloat16), mask=inside)
