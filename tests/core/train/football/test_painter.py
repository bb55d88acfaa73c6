"""Frames painted for training against what a viewer's screen would give the model."""

import numpy as np
import torch
from PIL import Image

from core.programmes.football.fixture import Fixture
from core.programmes.football.renderer import Renderer
from core.programmes.football.scene import primitives
from core.programmes.football.simulator import Match
from core.train.augmentation import OFF_SCREEN
from core.train.bundled_config import FRAME_SIZE
from core.train.football import painter

TIMES = np.array([8.0, 20.5, 31.0])


def as_texture(picture):
    small = Image.fromarray(picture).resize((painter.WIDTH, painter.HEIGHT), Image.Resampling.BOX)
    return torch.from_numpy(np.array(small)).permute(2, 0, 1)[None].float() / 255


def plain_view(chunks):
    """A batch's view entries for the exact full frame."""
    views = {
        "view": [0.0, 0.0, 1280 / FRAME_SIZE[0], 720 / FRAME_SIZE[1]],
        "window": OFF_SCREEN,
        "title": [0.0] * 4,
        "band": [0.0] * 8,
        "colour": np.eye(3, 4),
        "blur": 0.0,
        "noise": 0.0,
    }
    batch = {name: torch.tensor(np.array([value] * chunks), dtype=torch.float32) for name, value in views.items()}
    return batch | {name: torch.zeros(chunks, dtype=torch.int32) for name in ("backdrop", "desktop")}


def test_it_looks_like_the_shrunken_picture():
    match = Match(3, keep=True)
    fixture = Fixture(5)
    renderer = Renderer(fixture, scoreboard=False)
    rows = primitives(match.sample(TIMES), fixture, fixture.mirrored)
    shrunk = [Image.fromarray(renderer.paint(r)).resize(FRAME_SIZE, Image.Resampling.BICUBIC) for r in rows]
    still = renderer.paint(rows[0] * 0 + np.array([0, 0, 1, 1, 0, 1, 0, 0, 0, 0], np.float32))
    subject = painter.Painter(as_texture(still), torch.zeros(1, 3, FRAME_SIZE[1], FRAME_SIZE[0]), torch.device("cpu"))
    frames = subject.frames({"rows": torch.from_numpy(rows)[None], **plain_view(1)})
    wanted = torch.from_numpy(np.stack([np.array(s) for s in shrunk])).permute(0, 3, 1, 2).float()
    apart = (frames * 255 - wanted).abs()
    assert apart.mean() < 2.5
    moving = (wanted - wanted.median(0).values).abs().amax(1, keepdim=True).expand_as(apart) > 20
    assert apart[moving].mean() < 6


def test_a_window_leaves_the_desktop_around_it():
    desk = torch.full((1, 3, FRAME_SIZE[1], FRAME_SIZE[0]), 0.25)
    subject = painter.Painter(torch.ones(1, 3, painter.HEIGHT, painter.WIDTH), desk, torch.device("cpu"))
    batch = plain_view(1) | {"rows": torch.zeros(1, 1, 0, 10)}
    batch["window"] = torch.tensor([[100.0, 40.0, 200.0, 100.5]])
    batch["title"] = torch.tensor([[0.5, 0.5, 0.5, 5.0]])
    batch["band"] = torch.tensor([[110.0, 80.0, 120.0, 90.0, 0.0, 0.0, 0.0, 1.0]])
    frame = subject.frames(batch)[0, 0]
    assert frame[50, 50] == 0.25
    assert frame[38, 150] == 0.5
    assert frame[60, 150] == 1.0
    assert frame[85, 115] == 0.0
    assert frame[100, 150] == 0.625  # half of the pixel is window


def test_rows_that_are_unused_touch_nothing():
    rows = torch.zeros(1, 2, 10)
    rows[..., 2:4] = 1.0
    rows[..., 5] = 1.0
    ready = painter.prepare(rows, torch.tensor([[0.0, 0.0, 2.5, 2.5]]))
    assert (ready[..., 11] > ready[..., 12]).all()
