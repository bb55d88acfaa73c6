"""The painter's kernel against the plain painter, and how long a training step's pictures take."""

import time

import numpy as np
import pytest
import torch

from core.programmes.football.fixture import Fixture
from core.programmes.football.scene import primitives
from core.programmes.football.simulator import Match
from core.train.football import painter
from core.train.football.match_pool import FLOOR_ROOM, FLOOR_ROWS, PAINTED_ROWS

pytestmark = pytest.mark.gpu
FRAMES_A_STEP = 2304


def scene(times):
    match = Match(3, keep=True)
    drawn = primitives(match.sample(times), Fixture(5), False)
    rows = np.zeros((len(times), PAINTED_ROWS, 10), np.float32)
    rows[..., 2:4] = 1.0
    rows[..., 5] = 1.0
    rows[:, :FLOOR_ROWS] = drawn[:, :FLOOR_ROWS]
    rows[:, FLOOR_ROOM:] = drawn[:, FLOOR_ROWS:]
    k = 1280 / painter.WIDTH
    views = torch.tensor([[0.0, 0.0, k, k], [-100.0, -30.0, 1.3 * k, 1.2 * k]]).repeat(len(times) // 2, 1)
    return torch.from_numpy(rows), views


def test_the_kernel_paints_what_the_plain_painter_paints():
    rows, views = scene(np.arange(20.0, 24.0, 0.5))
    backdrops = torch.rand(3, 3, painter.HEIGHT, painter.WIDTH)
    which = torch.arange(len(rows)) % 3
    from core.train.football.painter_kernel import paint_on_gpu

    plain = painter.paint(rows, views, which, backdrops)
    fast = paint_on_gpu(rows.cuda(), views.cuda(), which.cuda(), backdrops.cuda().half()).float().cpu()
    assert (plain - fast).abs().mean() < 1 / 255
    assert (plain - fast).abs().max() < 4 / 255


def test_a_steps_pictures_take_milliseconds():
    rows, views = scene(np.arange(20.0, 84.0, 0.5))
    rows = rows.cuda().repeat(FRAMES_A_STEP // 128, 1, 1)
    views = views.cuda().repeat(FRAMES_A_STEP // 128, 1)
    backdrops = torch.rand(64, 3, painter.HEIGHT, painter.WIDTH, device="cuda", dtype=torch.float16)
    which = torch.arange(len(rows), device="cuda") % 64
    from core.train.football.painter_kernel import paint_on_gpu

    for _ in range(2):
        paint_on_gpu(rows, views, which, backdrops)
    torch.cuda.synchronize()
    begun = time.perf_counter()
    for _ in range(5):
        paint_on_gpu(rows, views, which, backdrops)
    torch.cuda.synchronize()
    per_step_ms = (time.perf_counter() - begun) / 5 * 1000
    assert per_step_ms < 60, f"{per_step_ms:.1f} ms for {len(rows)} frames"
