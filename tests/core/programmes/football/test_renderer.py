"""The picture: rows of the scene, and the renderer against the formula spelled out."""

import numpy as np
import pytest

from core.programmes.football import backdrop
from core.programmes.football.captions import BOXES
from core.programmes.football.fixture import Fixture
from core.programmes.football.programme import FootballEpisode
from core.programmes.football.renderer import Renderer
from core.programmes.football.scene import ROWS, primitives
from core.programmes.football.simulator import Match


@pytest.fixture(scope="module")
def match() -> Match:
    match = Match(4, keep=True)
    match.advance(90)
    return match


def painted_plainly(picture: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The coverage formula of core.programmes.football.scene over the full picture, row by row."""
    picture = picture.astype(np.float64) / 255
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]] + 0.5
    for cx, cy, rx, ry, angle, softness, *rgb, a in rows.astype(np.float64):
        if a == 0:
            continue
        dx = x - cx
        dy = y - cy
        u = np.cos(angle) * dx + np.sin(angle) * dy
        v = -np.sin(angle) * dx + np.cos(angle) * dy
        d = (np.sqrt((u / rx) ** 2 + (v / ry) ** 2) - 1) * min(rx, ry)
        coverage = (a * np.clip(0.5 - d / softness, 0, 1))[..., None]
        picture = picture * (1 - coverage) + np.array(rgb) * coverage
    return picture * 255


def test_rows_are_finite_and_of_constant_number(match):
    for start in range(0, 80, 16):
        rows = primitives(match.sample(start + np.arange(48) / 3), Fixture(start), mirrored=bool(start % 32))
        assert rows.shape == (48, ROWS, 10)
        assert rows.dtype == np.float32
        assert np.isfinite(rows).all()
        assert (rows[..., 2:4] > 0).all()
        assert (rows[..., 5] >= 1).all()
        assert rows[..., 6:].min() >= 0
        assert rows[..., 6:].max() <= 1


def test_rows_of_a_frame_do_not_depend_on_its_neighbours(match):
    times = np.arange(10, 30, 0.5)
    together = primitives(match.sample(times), Fixture(1))
    alone = np.concatenate([primitives(match.sample([time]), Fixture(1)) for time in times])
    assert np.allclose(together, alone, atol=1e-4)


def test_a_mirrored_picture_has_the_figures_on_the_other_side(match):
    samples = match.sample([32.0])
    straight, mirrored = (primitives(samples, Fixture(1), flag)[0] for flag in (False, True))
    bodies = straight[:, 9] > 0.9
    assert np.allclose(np.sort(straight[bodies, 1]), np.sort(mirrored[bodies, 1]), atol=6)
    assert abs(straight[bodies, 0].mean() + mirrored[bodies, 0].mean() - 1280) < 12


@pytest.mark.parametrize("kind", ["shot", "goal", "save", "foul", "corner"])
def test_the_renderer_agrees_with_the_formula(match, kind):
    fixture = Fixture(6)
    time_s = next((event.time for event in match.events if event.kind == kind), 33.0) + 0.15
    rows = primitives(match.sample([time_s]), fixture)[0]
    rows[:, [0, 1, 2, 3, 5]] *= 0.5  # a quarter of the pixels keeps the test short
    rows[:, 5] = np.maximum(rows[:, 5], 1)
    small = Renderer(fixture, scoreboard=False, size=(640, 360))
    full_rows = rows.copy()
    full_rows[:, [0, 1, 2, 3, 5]] *= 2
    expected = painted_plainly(backdrop.backdrop(fixture, (640, 360)), rows)
    painted = small.paint(full_rows)
    assert np.abs(painted - expected).mean() < 0.1  # of 255 levels
    assert np.abs(painted - expected).max() < 2.5
    assert np.array_equal(small.paint(full_rows), painted)


def test_frames_are_fresh_pictures():
    arena = FootballEpisode(2)
    first = arena.frame(5.0)
    assert first.shape == (720, 1280, 3)
    assert first.dtype == np.uint8
    assert first.flags.c_contiguous
    kept = first.copy()
    assert (arena.frame(6.0) != first).any()
    assert np.array_equal(first, kept)
    assert np.array_equal(arena.frame(5.0), first)


def test_the_scoreboard_can_be_left_out(match):
    fixture = Fixture(2)
    shown, plain = (Renderer(fixture, scoreboard).draw(match, 12.0) for scoreboard in (True, False))
    changed = np.argwhere((plain != shown).any(-1))
    x, y, width, height = BOXES["board"]
    assert changed.min(0).tolist() == [y, x]
    assert changed.max(0).tolist() == [y + height - 1, x + width - 1]
