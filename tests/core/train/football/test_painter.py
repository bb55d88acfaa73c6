"""Frames painted for training against what a viewer's screen would give the model."""

import numpy as np
import torch
from PIL import Image

from core.programmes.football.captions import paste, shown
from core.programmes.football.fixture import Fixture
from core.programmes.football.renderer import Renderer
from core.programmes.football.scene import primitives
from core.programmes.football.simulator import Match
from core.train.augmentation import OFF_SCREEN
from core.train.bundled_config import FRAME_SIZE
from core.train.football import painter
from core.train.football.caption_layers import NOWHERE, draw_captions

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
    nothing = {"captions": np.zeros((1, 3, 2, 2)), "caption_box": [NOWHERE], "caption_at": [[0, 0]]}
    batch |= {name: torch.tensor(np.array([value] * chunks)) for name, value in nothing.items()}
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


def captioned(times, board, view=None):
    """Frames (n, 3, height, width) over a grey ground with what is laid over a match at these times."""
    match = Match(3, keep=True)
    fixture = Fixture(5)
    ground = torch.full((1, 3, painter.HEIGHT, painter.WIDTH), 0.5)
    subject = painter.Painter(ground, torch.zeros(1, 3, FRAME_SIZE[1], FRAME_SIZE[0]), torch.device("cpu"))
    drawn = draw_captions(match.sample(times), fixture, board)
    batch = plain_view(1) | {name: torch.from_numpy(array)[None] for name, array in drawn.items()}
    if view is not None:
        batch["view"] = torch.tensor([view])
    return match, fixture, subject.frames(batch | {"rows": torch.zeros(1, len(times), 0, 10)})


def test_captions_look_as_the_renderer_lays_them():
    match = Match(3, keep=True)
    match.advance(700)
    replay = next(t for t in np.arange(0, 700, 0.5) if match.sample([t]).replay[0])
    ends = {event.kind: event.time for event in match.events}
    times = np.array([8.0, replay, ends["half-time"] + 0.3, ends["full-time"] + 0.3])
    _, fixture, frames = captioned(times, board=True)
    for time, frame in zip(times, frames, strict=True):
        picture = np.full((720, 1280, 3), 128, np.uint8)
        for caption in shown(match.sample([time]), 0, board=True):
            paste(picture, caption, fixture)
        wanted = np.array(Image.fromarray(picture).resize(FRAME_SIZE, Image.Resampling.BICUBIC), np.float32)
        apart = np.abs(frame.permute(1, 2, 0).numpy() * 255 - wanted)
        assert (np.abs(wanted - 128).max(-1) > 20).sum() > 900  # there is something to see
        assert apart.mean() < 2.0  # half of one is 127.5 for 128
        assert apart[np.abs(wanted - 128).max(-1) > 20].mean() < 12


def test_without_a_scoreboard_a_quiet_frame_is_as_it_is():
    _, _, (frame,) = captioned(np.array([8.0]), board=False)
    assert ((frame - 0.5).abs() < 1e-6).all()


def test_captions_lie_where_the_view_puts_them():
    scale = 1280 / FRAME_SIZE[0]
    _, _, (frame,) = captioned(np.array([8.0]), board=True, view=[-100 * scale, -50 * scale, scale, scale])
    changed = ((frame - 0.5).abs().amax(0) > 0.1).nonzero()
    assert 50 + 2 <= changed.min(0).values[0] <= 50 + 4
    assert 100 + 5 <= changed.min(0).values[1] <= 100 + 7


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
