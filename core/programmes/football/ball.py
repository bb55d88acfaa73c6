"""The ball: carried, in flight along a known path, or at rest."""

from dataclasses import dataclass

RADIUS_M = 0.3  # as drawn: larger than life, so that it is seen


@dataclass(frozen=True, slots=True)
class Flight:
    """A path from start to end. `height` lifts the middle of the arc above the line between the two
    end heights; `slowdown` 0 is constant speed, towards 1 it starts faster and arrives slower."""

    start: complex
    end: complex
    start_z: float
    end_z: float
    height: float
    start_s: float
    duration_s: float
    slowdown: float = 0.0

    def at(self, time: float) -> tuple[complex, float]:
        """Ground position and height at a time."""
        share = min(max((time - self.start_s) / self.duration_s, 0.0), 1.0)
        way = share * (1 + self.slowdown * (1 - share))
        z = self.start_z + (self.end_z - self.start_z) * share + 4 * self.height * share * (1 - share)
        return self.start + (self.end - self.start) * way, z


class Ball:
    """Position (complex metres), height of its centre z, and the flight it is on, if any."""

    def __init__(self) -> None:
        self.position = 0j
        self.z = RADIUS_M
        self.flight: Flight | None = None

    def kick(
        self,
        end: complex,
        time: float,
        duration_s: float,
        height: float = 0.0,
        end_z: float = RADIUS_M,
        slowdown: float = 0.0,
    ) -> None:
        """Send it to `end`, arriving after `duration_s`."""
        self.flight = Flight(self.position, end, self.z, end_z, height, time, max(duration_s, 0.1), slowdown)

    def arrived(self, time: float) -> bool:
        """True when its flight is over (or it has none)."""
        return self.flight is None or time >= self.flight.start_s + self.flight.duration_s - 1e-6

    def step(self, time: float) -> None:
        """Follow the flight to its place at `time`."""
        if self.flight is not None:
            self.position, self.z = self.flight.at(time)

    def follow(self, spot: complex, z: float = RADIUS_M, grip: float = 0.6) -> None:
        """Be carried: draw near a spot."""
        self.flight = None
        self.position += (spot - self.position) * grip
        self.z += (z - self.z) * grip
