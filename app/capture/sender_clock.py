"""When pictures were taken that are sent in another order, as far as can be known."""

from __future__ import annotations

from collections import deque

WINDOW_S = 1.0
"""Packets that are looked back at; stamps of two clocks drift apart by less than a millisecond in that time."""
MOST_S = 1.5
"""No encoder that is watched live holds a picture longer; more is a jump of the stamps."""
STEADY_S = 0.03
"""Less than one packet and the next that leads differ by once no more than the network lies between."""
MOST_REORDERED = 16
"""No picture of H.264 or HEVC is sent after more that follow it."""


class SenderClock:
    """Sets the sender's presentation stamps against arrivals.

    No packet arrives before its picture was taken. So the packet that took least time from its stamp to its arrival
    gives the latest moment at which any other picture can have been taken: its stamp, that much later. A B-frame is
    sent after the picture that follows it, and found to be older than its packet by this.

    What every picture is held back by (an encoder's look-ahead, its threads) does not show in stamps and arrivals.
    """

    def __init__(self) -> None:
        self._reorders = False
        self._delays: deque[tuple[float, float]] = deque()  # arrival, arrival minus stamp
        self._newest: float | None = None  # stamp
        self._led: float | None = None  # delay of the last watched packet that was newer than all before
        self._steady = False
        self._watched = 0  # packets
        self._watched_from = 0.0
        self._last = 0.0  # arrival

    @property
    def settled(self) -> bool:
        """False while pictures are out of order and what has been seen to arrive does not bound how old they are.

        That takes two packets in turn of those that are newer than all before, of which the second did not come
        quicker: else there were more of them waiting. B-frames alone bound nothing. Not for much longer than an
        encoder can hold one back.
        """
        held_long = self._watched > MOST_REORDERED and self._last - self._watched_from > MOST_S
        return not self._reorders or self._steady or held_long

    def note(self, shown: float | None, decoded: float | None, arrived: float, *, watched: bool = True) -> None:
        """A packet has arrived. Stamps in seconds on the sender's clock, `arrived` in monotonic ones.

        `watched`: somebody saw it arrive; any other had arrived by then.
        """
        if watched:
            self._watched_from = arrived if self._watched == 0 else self._watched_from
            self._watched += 1
            self._last = arrived
        if shown is None:
            return
        delay = arrived - shown
        if self._newest is None or shown > self._newest:
            self._newest = shown
            if watched:
                self._steady = self._steady or (self._led is not None and delay > self._led - STEADY_S)
                self._led = delay
        self._reorders = self._reorders or (decoded is not None and shown > decoded)
        if self._delays and abs(delay - self._least()) > MOST_S:
            self._delays.clear()
        self._delays.append((arrived, delay))
        while arrived - self._delays[0][0] > WINDOW_S:
            self._delays.popleft()

    def taken_at(self, shown: float | None, arrived: float) -> float:
        """The latest moment at which the picture with that stamp, whose packet arrived then, can have been taken."""
        if shown is None or not self._reorders or not self._delays:
            return arrived
        taken = shown + self._least()
        return taken if arrived - MOST_S <= taken <= arrived else arrived

    def _least(self) -> float:
        return min(delay for _, delay in self._delays)
