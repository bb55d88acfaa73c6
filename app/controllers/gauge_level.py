"""How much the gauges show: chosen by a key, kept in the settings, and their reset."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.gauges.strip import MOST

if TYPE_CHECKING:
    from app.main import Courtside
    from app.settings import Settings


class GaugeLevel(QObject):
    """Couples the gauges with their actions and the settings."""

    def __init__(self, courtside: Courtside) -> None:
        super().__init__(courtside)
        self._strip = courtside.window.strip
        self.take(courtside.settings)
        courtside.window.user_actions.gauges.triggered.connect(self._next)
        courtside.window.user_actions.reset_gauges.triggered.connect(self._strip.reset)

    def take(self, settings: Settings) -> None:
        """As the settings say, at once."""
        self._strip.set_level(settings.gauges)

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with what has been chosen here."""
        return replace(settings, gauges=self._strip.level)

    def _next(self) -> None:
        self._strip.set_level((self._strip.level + 1) % (MOST + 1))
