"""Where a player can walk in a level: a grid of cells over its sectors, and the shortest way over it.

The recorder's players need it to get about; nothing of it is truth, and no viewer sees it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

CELL = 32.0
"""Edge of a cell, map units."""
CLEARANCE = 15.9  # of a cell's centre from any wall: the player's radius is 16
OFFSET = 5.0
"""Walls lie at multiples of 8 units; so none is midway between two centres, where neither cell would be too near."""
STEP_UP = 24.0
HEADROOM = 56.0
FARTHEST_DROP = 160.0
NEIGHBOURS = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))
Cell = int


@dataclass(frozen=True, eq=False)
class NavigationGrid:
    """Cells numbered row by row.

    Attributes:
        left, bottom: map units of the grid's corner. columns: cells in a row.
        ways: for each cell the cells that can be reached from it in one step; none for one inside a wall.
        doors: (cells,) bool, whether a cell lies in a sector too low to walk through: a door, perhaps.
    """

    left: float
    bottom: float
    columns: int
    ways: list[list[Cell]]
    doors: np.ndarray

    def cell(self, x: float, y: float) -> Cell | None:
        """The walkable cell at, or next to, a point; None when there is none."""
        column = int((x - self.left) // CELL)
        row = int((y - self.bottom) // CELL)
        around = ((0, 0), *NEIGHBOURS)
        cells = (column + right + (row + up) * self.columns for right, up in around)
        return next((cell for cell in cells if 0 <= cell < len(self.ways) and self.ways[cell]), None)

    def centre(self, cell: Cell) -> tuple[float, float]:
        """Map units of a cell's centre."""
        row, column = divmod(cell, self.columns)
        return self.left + (column + 0.5) * CELL, self.bottom + (row + 0.5) * CELL

    def path(self, start: Cell, is_goal: Callable[[Cell], bool], closed: set[Cell], most: int = 6000) -> list[Cell]:
        """The shortest way from a cell to the nearest goal, both ends in it; [] when none is found.

        Args:
            closed: cells not to walk on. most: cells looked at before giving up.
        """
        came: dict[Cell, Cell] = {start: start}
        queue = deque([start])
        while queue and len(came) < most:
            cell = queue.popleft()
            if cell != start and is_goal(cell):
                return _back(came, cell)
            for after in self.ways[cell]:
                if after not in came and after not in closed:
                    came[after] = cell
                    queue.append(after)
        return []


def _back(came: dict[Cell, Cell], cell: Cell) -> list[Cell]:
    way = [cell]
    while came[cell] != cell:
        cell = came[cell]
        way.append(cell)
    return way[::-1]


def grid_of(sectors: Sequence[Any]) -> NavigationGrid:
    """The grid of a level from ViZDoom's sectors (`floor_height`, `ceiling_height`, `lines`)."""
    walls = _segments([line for sector in sectors for line in sector.lines if line.is_blocking])
    lines = _segments([line for sector in sectors for line in sector.lines])
    left = lines[:, 0::2].min() - CELL - OFFSET
    bottom = lines[:, 1::2].min() - CELL - OFFSET
    columns = int((lines[:, 0::2].max() - left) // CELL) + 2
    rows = int((lines[:, 1::2].max() - bottom) // CELL) + 2
    floor = np.full((rows, columns), np.nan)
    ceiling = np.full((rows, columns), np.nan)
    for sector in sectors:
        _fill(sector, left, bottom, floor, ceiling)
    open_ = ~np.isnan(floor)
    for wall in walls:
        _wall_off(wall, left, bottom, open_)
    doors = open_ & (ceiling - floor < HEADROOM)
    return NavigationGrid(float(left), float(bottom), columns, _ways(floor, ceiling, open_, doors), doors.flatten())


def _segments(lines: Sequence[Any]) -> np.ndarray:
    """(lines, 4): x1, y1, x2, y2."""
    rows = [(line.x1, line.y1, line.x2, line.y2) for line in lines]
    return np.array(rows, float).reshape(-1, 4)


def _fill(sector: Any, left: float, bottom: float, floor: np.ndarray, ceiling: np.ndarray) -> None:
    """Write a sector's heights into the cells whose centres lie in it (even-odd rule)."""
    edges = _segments(sector.lines)
    first_column = max(0, int((edges[:, 0::2].min() - left) // CELL))
    first_row = max(0, int((edges[:, 1::2].min() - bottom) // CELL))
    last_column = int((edges[:, 0::2].max() - left) // CELL) + 1
    last_row = int((edges[:, 1::2].max() - bottom) // CELL) + 1
    window = np.s_[first_row : last_row + 1, first_column : last_column + 1]
    rows, columns = floor[window].shape
    x = left + (first_column + np.arange(columns) + 0.5) * CELL
    y = bottom + (first_row + np.arange(rows) + 0.5) * CELL + 0.01  # never exactly through a corner
    x1, y1, x2, y2 = (edges[:, [number]] for number in range(4))
    crosses = (y1 > y) != (y2 > y)  # (lines, rows)
    rise = np.where(y2 == y1, 1.0, y2 - y1)
    at = x1 + (y - y1) * (x2 - x1) / rise
    inside = ((crosses[..., None] & (at[..., None] > x)).sum(0) % 2).astype(bool)
    floor[window][inside] = sector.floor_height
    ceiling[window][inside] = sector.ceiling_height


def _wall_off(wall: np.ndarray, left: float, bottom: float, open_: np.ndarray) -> None:
    """Close the cells whose centres are too near a wall."""
    x1, y1, x2, y2 = wall
    first_column = max(0, int((min(x1, x2) - CELL - left) // CELL))
    last_column = int((max(x1, x2) + CELL - left) // CELL)
    first_row = max(0, int((min(y1, y2) - CELL - bottom) // CELL))
    last_row = int((max(y1, y2) + CELL - bottom) // CELL)
    window = open_[first_row : last_row + 1, first_column : last_column + 1]
    x = left + (first_column + np.arange(window.shape[1]) + 0.5) * CELL
    y = (bottom + (first_row + np.arange(window.shape[0]) + 0.5) * CELL)[:, None]
    length = max(1e-9, (x2 - x1) ** 2 + (y2 - y1) ** 2)
    share = np.clip(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length, 0.0, 1.0)
    window &= np.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1)) >= CLEARANCE


def _ways(floor: np.ndarray, ceiling: np.ndarray, open_: np.ndarray, doors: np.ndarray) -> list[list[Cell]]:
    """From each cell the cells that one step leads to. A door is taken to open."""
    rows, columns = floor.shape
    ways: list[list[Cell]] = [[] for _ in range(rows * columns)]
    steps: dict[tuple[int, int], np.ndarray] = {}
    for right, up in NEIGHBOURS:
        there = {"floor": floor, "ceiling": ceiling, "open": open_, "doors": doors}
        moved = {name: np.roll(grid, (-up, -right), (0, 1)) for name, grid in there.items()}
        rise = moved["floor"] - floor
        room = np.minimum(moved["ceiling"], ceiling) - np.maximum(moved["floor"], floor)
        fits = (room >= HEADROOM) | moved["doors"] | doors
        step = open_ & moved["open"] & fits & (rise <= STEP_UP) & (rise >= -FARTHEST_DROP)
        if right and up:
            step = step & steps[right, 0] & steps[0, up]
        steps[right, up] = step
        for cell in np.flatnonzero(step).tolist():
            ways[cell].append(cell + right + up * columns)
    return ways


def bearing(x: float, y: float, to_x: float, to_y: float, facing: float) -> float:
    """How far to turn left to face a point, degrees in -180 .. 180."""
    wanted = math.degrees(math.atan2(to_y - y, to_x - x))
    return (wanted - facing + 180.0) % 360.0 - 180.0
