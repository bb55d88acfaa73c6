"""The settings as they are now, and what a change of them does at once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.appearance import Appearance
from app.settings import Settings
from app.settings_file import SettingsFile

if TYPE_CHECKING:
    from app.main import Courtside

log = logging.getLogger(__name__)


class Preferences(QObject):
    """Gathers what every window says, and writes it down.

    Attributes:
        appearance: colours, contrast and motion.
    """

    def __init__(self, courtside: Courtside, file: SettingsFile) -> None:
        super().__init__(courtside)
        self._courtside = courtside
        self._file = file
        self.appearance = Appearance(courtside.settings, self)
        self.appearance.stilled.connect(courtside.captions.band.set_still)
        courtside.captions.band.set_still(self.appearance.still)

    def current(self) -> Settings:
        """With what has been chosen in each window."""
        courtside = self._courtside
        chosen = courtside.outputs.current_settings(courtside.window.current_settings(courtside.settings))
        return courtside.captions.current_settings(chosen)

    def close(self) -> None:
        """Keeps them for the next start."""
        self._courtside.settings = self.current()
        try:
            self._file.save(self._courtside.settings)
        except OSError as error:
            log.error("the settings could not be saved: %s", error)
