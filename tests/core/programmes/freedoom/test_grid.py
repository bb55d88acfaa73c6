"""Ways over a level's floor: round walls, up low steps only, through doors."""

from __future__ import annotations

from types import SimpleNamespace

from core.programmes.freedoom.grid import CELL, NavigationGrid, bearing, grid_of


def room(left: float, right: float, floor: float, ceiling: float = 128.0, walls: str = "") -> SimpleNamespace:
    """A sector from (left, 0) to (right, 320); `walls` names its solid sides: w, e, s, n."""
    sides = {
        "w": (left, 0, left, 320), "e": (right, 0, right, 320), "s": (left, 0, right, 0), "n": (left, 320, right, 320),
    }  # fmt: skip
    lines = [
        SimpleNamespace(x1=x1, y1=y1, x2=x2, y2=y2, is_blocking=side in walls)
        for side, (x1, y1, x2, y2) in sides.items()
    ]
    return SimpleNamespace(floor_height=floor, ceiling_height=ceiling, lines=lines)


def way(grid: NavigationGrid, start: tuple[float, float], end: tuple[float, float]) -> list[int]:
    first = grid.cell(*start)
    last = grid.cell(*end)
    assert first is not None
    assert last is not None
    return grid.path(first, {last}.__contains__, set())


def test_a_low_step_is_climbed_and_a_high_one_only_jumped_down() -> None:
    low = grid_of([room(0, 320, 0, walls="wsn"), room(320, 640, 24, walls="esn")])
    assert way(low, (60, 160), (580, 160))
    high = grid_of([room(0, 320, 0, walls="wsn"), room(320, 640, 60, walls="esn")])
    assert not way(high, (60, 160), (580, 160))
    assert way(high, (580, 160), (60, 160))


def test_a_wall_is_not_walked_through_and_a_door_is() -> None:
    walled = grid_of([room(0, 320, 0, walls="wesn"), room(320, 640, 0, walls="wesn")])
    assert not way(walled, (60, 160), (580, 160))
    door = [room(0, 288, 0, walls="wsn"), room(288, 352, 0, ceiling=0, walls="sn"), room(352, 640, 0, walls="esn")]
    opened = grid_of(door)
    found = way(opened, (60, 160), (580, 160))
    assert any(opened.doors[cell] for cell in found)


def test_a_way_is_as_short_as_it_can_be() -> None:
    grid = grid_of([room(0, 640, 0, walls="wesn")])
    assert len(way(grid, (48, 160), (48 + 10 * CELL, 160))) == 11


def test_bearings_turn_the_short_way_round() -> None:
    assert bearing(0, 0, 1, 0, 350.0) == 10.0
    assert bearing(0, 0, -1, 0, 0.0) == -180.0
    assert bearing(0, 0, 0, 1, 0.0) == 90.0
