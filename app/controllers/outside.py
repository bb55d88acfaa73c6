"""How the window is steered while another program is in front: global keys and the icon beside the clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon

from app.controllers.spoken_question import SpokenQuestion
from app.controllers.steering import Steering
from app.portal.wayland import is_wayland
from app.remote.keys import chosen_keys
from app.window.global_keys import GlobalKeys
from app.window.portal_keys import PortalKeys
from app.window.tray import Tray
from core.assets import ICON
from core.errors import CourtsideError

if TYPE_CHECKING:
    from app.main import Courtside

AFTER_MS = 100
"""After the window: both load libraries of their own."""


class Outside(QObject):
    """Opened once the window is up.

    Attributes:
        steering: does what is asked for. spoken_question: hold to ask. tray: None before it is opened.
    """

    def __init__(self, courtside: Courtside) -> None:
        super().__init__(courtside)
        self.steering = Steering(courtside)
        self.spoken_question = SpokenQuestion(courtside)
        self.tray: Tray | None = None
        self._courtside = courtside
        self._keys = self._held_keys()
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._open)

    def open(self) -> None:
        """Soon; returns at once."""
        self._timer.start()

    def take_keys(self, settings: Mapping[str, str]) -> list[str]:
        """These keys from now on; one line for each that cannot be had."""
        keys, wrong = chosen_keys(settings)
        self._keys.open(keys)
        return [*wrong, *self._keys.refused]

    def close(self) -> None:
        self._timer.stop()
        self._keys.close()
        self.spoken_question.close()
        if self.tray is not None:
            self.tray.close()
            self.tray = None

    def _open(self) -> None:
        courtside = self._courtside
        self.tray = Tray(courtside.window.user_actions, QIcon(str(ICON)), self)
        self.tray.wanted.connect(courtside.window.bring_to_front)
        courtside.window.phase_changed.connect(self.tray.set_phase)
        self.tray.set_phase(courtside.window.phase)
        courtside.window.status.add_warnings(self.take_keys(courtside.settings.keys))

    def _held_keys(self) -> GlobalKeys | PortalKeys:
        if not is_wayland():
            return GlobalKeys(self._key, self)
        keys = PortalKeys(self._key, self)
        keys.trouble.connect(self._say)
        return keys

    def _say(self, trouble: str) -> None:
        self._courtside.window.status.add_warnings([trouble])

    def _key(self, action: str) -> None:
        name, _, text = action.partition(" ")
        try:
            self.steering.perform(name, text)
        except CourtsideError as error:
            self._courtside.window.status.set_notice(str(error), passing=True)
