"""Frames for training, drawn straight at the model's size: the arena over a backdrop, as a screen shows it.

A picture is painted at twice the frame's size and averaged 2 x 2. Each ellipse's soft edge is widened by the size of a
sample, which is what shrinking a 1280 x 720 picture does to it. `paint` is the plain way (any device, slow); on a GPU a
Triton kernel does the same (`core/train/football/painter_kernel.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from core.errors import EngineError
from core.programmes.football.scene import BODY_ROWS
from core.train.augmentation import on_screen
from core.train.bundled_config import FRAME_SIZE
from core.train.football.caption_layers import lay_captions

SAMPLES = 2  # samples per pixel and axis
GROUP = BODY_ROWS  # rows that are culled together: one figure of the scene
KERNEL_TOLERANCE = 5.0  # of 255; half-precision textures and bf16 pictures make about 1
EDGE = 0.9  # widening of soft edges, in samples
WIDTH = FRAME_SIZE[0] * SAMPLES
HEIGHT = FRAME_SIZE[1] * SAMPLES


def prepare(rows: Tensor, view: Tensor) -> Tensor:
    """Ellipses ready for painting.

    Args:
        rows: (frames, n, 10) as `core.programmes.football.scene` gives them.
        view: (frames, 4): x0, y0, dx, dy: sample (column, row) is at x0 + dx * (column + 0.5), y0 + dy * (row + 0.5).

    Returns:
        (frames, n, 16): cx, cy, a, b, c, d (u / rx = a dx + b dy; v / ry = c dx + d dy), hardness, red, green, blue,
        alpha, left, right, top, bottom (of what it can touch, in samples), 0.
    """
    cx, cy, rx, ry, angle, soft, red, green, blue, alpha = rows.unbind(-1)
    x0, y0, dx, dy = (part[:, None] for part in view.unbind(-1))
    cos = angle.cos()
    sin = angle.sin()
    small = torch.minimum(rx, ry)
    soft = (soft**2 + (EDGE**2) * dx * dy).sqrt()
    hardness = small / soft
    reach = 1 + 0.5 / hardness
    ex = reach * ((rx * cos) ** 2 + (ry * sin) ** 2).sqrt()
    ey = reach * ((rx * sin) ** 2 + (ry * cos) ** 2).sqrt()
    unseen = torch.where(alpha > 0, 0.0, torch.inf)
    box = (
        (cx - ex - x0) / dx + unseen,
        (cx + ex - x0) / dx - unseen,
        (cy - ey - y0) / dy + unseen,
        (cy + ey - y0) / dy - unseen,
    )
    shape = (cos / rx, sin / rx, -sin / ry, cos / ry, hardness)
    return torch.stack((cx, cy, *shape, red, green, blue, alpha, *box, torch.zeros_like(cx)), -1)


def paint(rows: Tensor, view: Tensor, backdrop: Tensor, backdrops: Tensor) -> Tensor:
    """The plain way: ellipse by ellipse, each in the rectangle it can touch.

    Args:
        rows, view: as for `prepare`, the view in samples.
        backdrop: (frames,) index into backdrops, (k, 3, HEIGHT, WIDTH) in 0..1, each the whole 1280 x 720 picture.

    Returns:
        (frames, 3, FRAME_SIZE) in 0..1.
    """
    canvas = _backdrops(view, backdrop, backdrops)
    ready = prepare(rows, view)
    for frame in range(len(rows)):
        x = view[frame, 0] + view[frame, 2] * (torch.arange(WIDTH, device=rows.device) + 0.5)
        y = view[frame, 1] + view[frame, 3] * (torch.arange(HEIGHT, device=rows.device) + 0.5)
        for row in ready[frame][ready[frame, :, 10] > 0]:
            _paint_one(canvas[frame], row, x, y)
    return F.avg_pool2d(canvas, SAMPLES)


def _paint_one(picture: Tensor, row: Tensor, x: Tensor, y: Tensor) -> None:
    """One prepared ellipse (16,) onto a picture (3, HEIGHT, WIDTH) whose samples are at x (WIDTH,) and y (HEIGHT,)."""
    left, right, top, bottom = (int(edge) for edge in row[11:15])
    across = slice(max(left - 1, 0), max(right + 2, 0))
    down = slice(max(top - 1, 0), max(bottom + 2, 0))
    dx = x[across] - row[0]
    dy = y[down, None] - row[1]
    distance = ((row[2] * dx + row[3] * dy) ** 2 + (row[4] * dx + row[5] * dy) ** 2).sqrt()
    cover = row[10] * (0.5 + row[6] * (1 - distance)).clip(0, 1)
    part = picture[:, down, across]
    part += (row[7:10, None, None] - part) * cover


def _backdrops(view: Tensor, backdrop: Tensor, backdrops: Tensor) -> Tensor:
    """(frames, 3, HEIGHT, WIDTH): the backdrop under each sample, bilinear, clamped at the edges."""
    x = (view[:, :1] + view[:, 2:3] * (torch.arange(WIDTH, device=view.device) + 0.5)) / 640 - 1
    y = (view[:, 1:2] + view[:, 3:4] * (torch.arange(HEIGHT, device=view.device) + 0.5)) / 360 - 1
    grid = torch.stack((x[:, None].expand(-1, HEIGHT, -1), y[:, :, None].expand(-1, -1, WIDTH)), -1)
    pictures = backdrops[backdrop.long()].float()
    return F.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)


class Painter:
    """The frame provider of football: draws whole batches.

    Attributes:
        backdrops, desktops: (k, 3, HEIGHT, WIDTH) and (k, 3, *FRAME_SIZE) pictures in 0..1 on the device.
        kernel: whether frames are painted by the Triton kernel.
    """

    def __init__(self, backdrops: Tensor, desktops: Tensor, device: torch.device) -> None:
        self.kernel = device.type == "cuda"
        dtype = torch.float16 if self.kernel else torch.float32
        self.backdrops = backdrops.to(device, dtype)
        self.desktops = desktops.to(device, dtype)

    def check(self, batch: Mapping[str, Tensor], frames: int = 2) -> float:
        """The largest difference, in 1/255, between the kernel's and the plain painter's first frames of a batch.

        Raises EngineError where it is more than half precision explains.
        """
        if not self.kernel:
            return 0.0
        from core.train.football.painter_kernel import paint_on_gpu

        rows = batch["rows"][0, :frames]
        view = batch["view"][:1].expand(frames, -1)
        view = view / view.new_tensor([1, 1, SAMPLES, SAMPLES])
        which = batch["backdrop"][:1].expand(frames)
        fast = paint_on_gpu(rows.contiguous(), view, which, self.backdrops).float().cpu()
        plain = paint(rows.cpu(), view.cpu(), which.cpu(), self.backdrops.float().cpu())
        apart = float((fast - plain).abs().max()) * 255
        if apart > KERNEL_TOLERANCE:
            raise EngineError(
                "The GPU draws wrongly",
                f"its frames are up to {apart:.1f} of 255 off the CPU's; train with --device cpu",
            )
        return apart

    def frames(self, batch: Mapping[str, Tensor]) -> Tensor:
        """(chunks * frames, 3, height, width) in 0..1, as a screen would show them.

        The batch holds `rows` (chunks, frames, n, 10) and, for each chunk, the entries of
        `core.train.augmentation.draw_augmentation` and `core.train.football.caption_layers.draw_captions`.
        """
        chunks, count = batch["rows"].shape[:2]
        view = (batch["view"] / batch["view"].new_tensor([1, 1, SAMPLES, SAMPLES])).repeat_interleave(count, 0)
        backdrop = batch["backdrop"].repeat_interleave(count)
        if self.kernel:
            from core.train.football.painter_kernel import paint_on_gpu

            arena = paint_on_gpu(batch["rows"].flatten(0, 1), view, backdrop, self.backdrops)
        else:
            arena = paint(batch["rows"].flatten(0, 1), view, backdrop, self.backdrops)
        arena = lay_captions(arena.unflatten(0, (chunks, count)), batch)
        return on_screen(arena, self.desktops, batch).flatten(0, 1)
