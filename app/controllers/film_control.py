"""Going back and forth in the film that is watched, from the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.capture.seeking import STEPS, seek

if TYPE_CHECKING:
    from app.main import Courtside
    from app.window.phase import Phase


class FilmControl(QObject):
    """Couples the bar under the picture with the film of the stream under way."""

    def __init__(self, courtside: Courtside) -> None:
        super().__init__(courtside)
        self._courtside = courtside
        window = courtside.window
        window.phase_changed.connect(self._follow)
        window.film_bar.speed_chosen.connect(self._keep_speed)
        window.user_actions.back.triggered.connect(lambda: self._step("back"))
        window.user_actions.forward.triggered.connect(lambda: self._step("forward"))

    def _follow(self, phase: Phase) -> None:
        session = self._courtside.session
        film = session.film if session is not None and phase.pausable else None
        self._courtside.window.film_bar.watch(film)
        self._courtside.window.user_actions.set_film(film is not None)

    def _step(self, name: str) -> None:
        session = self._courtside.session
        if session is not None and session.film is not None:
            seek(session.film, STEPS[name])

    def _keep_speed(self, speed: float) -> None:
        self._courtside.settings = replace(self._courtside.settings, file_speed=speed)
