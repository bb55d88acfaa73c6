"""Where the captions lie on each monitor, as the user has put them there. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.overlay.place import default_band, kept_visible, shared_area
from app.settings import Rect


@dataclass(frozen=True, slots=True)
class Monitor:
    """key: the same whenever it is plugged in at that size. area: what panels leave free of it, in logical pixels."""

    key: str
    area: Rect


class MonitorPlaces:
    """Rectangles from the corner of each monitor's area, so that another arrangement of the monitors moves none.

    Attributes:
        last: key of the monitor that they were put on last; "" when never.
    """

    def __init__(self, places: Mapping[str, Rect] | None = None, last: str = "") -> None:
        self.last = last
        self._places = dict(places or {})

    def put(self, rect: Rect, monitors: Sequence[Monitor]) -> None:
        """The user has put them there."""
        monitor = max(monitors, key=lambda candidate: shared_area(rect, candidate.area))
        x, y, width, height = rect
        self._places[monitor.key] = (x - monitor.area[0], y - monitor.area[1], width, height)
        self.last = monitor.key

    def rect(self, monitors: Sequence[Monitor]) -> Rect:
        """Where they belong now: on the last monitor if it is there, else on the first one; not cut to its size."""
        monitor = next((candidate for candidate in monitors if candidate.key == self.last), monitors[0])
        place = self._places.get(monitor.key)
        if place is None:
            return default_band(monitor.area)
        x, y, width, height = place
        return monitor.area[0] + x, monitor.area[1] + y, width, height

    def visible(self, monitors: Sequence[Monitor], missing: int = 0) -> Rect:
        """The same, wholly on a monitor, and `missing` pixels higher upwards."""
        x, y, width, height = self.rect(monitors)
        return kept_visible((x, y - missing, width, height + missing), [monitor.area for monitor in monitors])

    def written(self) -> dict[str, Rect]:
        """For the settings."""
        return dict(self._places)
