"""The settings as they are now, and what a change of them does at once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.controllers.appearance import Appearance
from app.settings import Rect, Settings
from app.settings_file import SettingsFile

if TYPE_CHECKING:
    from app.main import Courtside
    from app.window.settings_window import SettingsWindow

log = logging.getLogger(__name__)


class Preferences(QObject):
    """Gathers what every window says, and writes it down.

    Attributes:
        appearance: colours, contrast and motion. window: where all of them can be changed, None while it is closed.
    """

    def __init__(self, courtside: Courtside, file: SettingsFile) -> None:
        super().__init__(courtside)
        self._courtside = courtside
        self._file = file
        self.window: SettingsWindow | None = None
        self.appearance = Appearance(courtside.settings, self)
        self.appearance.stilled.connect(courtside.captions.band.set_still)
        courtside.captions.band.set_still(self.appearance.still)
        courtside.window.user_actions.show_settings.triggered.connect(self.open)

    def current(self) -> Settings:
        """With what has been chosen in each window."""
        courtside = self._courtside
        chosen = courtside.outputs.current_settings(courtside.window.current_settings(courtside.settings))
        return courtside.gauge_level.current_settings(courtside.captions.current_settings(chosen))

    def open(self) -> None:
        """The window of all settings, which is not imported before."""
        from app.window.settings_window import SettingsWindow

        if self.window is None:
            self.window = SettingsWindow(self.current, self._file.path)
            self.window.changed.connect(self.change)
            self.window.file_wanted.connect(self._save)
            self.window.closed.connect(self._forget)
        self.window.bring_to_front()

    def change(self, settings: Settings) -> None:
        """Makes these count: at once where a stream can take it, else from the next start; and keeps them."""
        courtside = self._courtside
        before = self.current()
        courtside.settings = settings
        self.appearance.choose(settings)
        courtside.captions.take(settings)
        courtside.outputs.take(settings)
        courtside.gauge_level.take(settings)
        courtside.models.take(settings)
        courtside.window.take(before, settings)
        courtside.switching.offer()
        if settings.keys != before.keys:
            courtside.window.status.add_warnings(courtside.outside.take_keys(settings.keys))
        self._save()

    def rects(self) -> list[Rect]:
        """Where the window is, for pictures of the screen to leave out. From any thread."""
        window = self.window
        return [] if window is None else window.place.rects()

    def close(self) -> None:
        """Keeps them for the next start."""
        if self.window is not None:
            self.window.close()
        self._save()

    def _forget(self) -> None:
        if self.window is not None:
            self.window.deleteLater()
            self.window = None

    def _save(self) -> None:
        self._courtside.settings = self.current()
        try:
            self._file.save(self._courtside.settings)
        except OSError as error:
            log.error("the settings could not be saved: %s", error)
