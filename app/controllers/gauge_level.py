"""How much the gauges show, in the window and below the captions: by keys, kept in the settings; and their reset."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.gauges.feed import GaugeFeed
from app.gauges.meters import Meters
from app.gauges.overlay_line import overlay_line
from app.gauges.strip import MOST

if TYPE_CHECKING:
    from app.main import Courtside
    from app.settings import Settings


class GaugeLevel(QObject):
    """Couples the gauges with their actions and the settings.

    Attributes:
        feed: what keeps them up to date.
    """

    def __init__(self, courtside: Courtside) -> None:
        super().__init__(courtside)
        self._strip = courtside.window.strip
        self._band = courtside.captions.band
        self._meters: Meters | None = None  # of the stream under way
        actions = courtside.window.user_actions
        self._in_overlay = actions.overlay_gauges
        self._in_overlay.toggled.connect(self._show_in_overlay)
        actions.gauges.triggered.connect(self._next)
        actions.reset_gauges.triggered.connect(self._strip.reset)
        self.feed = GaugeFeed(self._strip, self)
        self.feed.changed.connect(self._follow)
        self.take(courtside.settings)

    def take(self, settings: Settings) -> None:
        """As the settings say, at once."""
        self._strip.set_level(settings.gauges)
        self._in_overlay.setChecked(settings.overlay_gauges)

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with what has been chosen here."""
        return replace(settings, gauges=self._strip.level, overlay_gauges=self._in_overlay.isChecked())

    def _next(self) -> None:
        self._strip.set_level((self._strip.level + 1) % (MOST + 1))

    def _follow(self, meters: Meters | None) -> None:
        self._meters = meters
        self._show_in_overlay()

    def _show_in_overlay(self) -> None:
        meters = self._meters if self._in_overlay.isChecked() else None
        self._band.set_gauges(() if meters is None else overlay_line(meters))
