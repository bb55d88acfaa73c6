"""A line that wraps into one more row pushes the rows above it up, not in a jump. No Qt."""

from __future__ import annotations

import math

from app.overlay.captions import RISE_S, eased


class SlideAnimation:
    """How far below its place everything is painted while a new row of the newest line slides in.

    All times are seconds of the caller's clock, heights are pixels.

    Attributes:
        still: nothing slides.
    """

    def __init__(self) -> None:
        self.still = False
        self._text = ""
        self._height = 0.0
        self._distance = 0.0
        self._since = -math.inf

    def follow(self, text: str, height: float, now: float) -> None:
        """The newest line reads `text` and is `height` high now. Only a line that grew glides; a new one rises."""
        if text == self._text:
            return
        grown = bool(self._text) and text.startswith(self._text) and height > self._height
        if grown:
            self._distance = self.offset(now) + height - self._height
            self._since = now
        self._text = text
        self._height = height

    def offset(self, now: float) -> float:
        """Pixels still to go, 0 at rest."""
        if self.still or now >= self._since + RISE_S:
            return 0.0
        return self._distance * (1.0 - eased(now - self._since))
