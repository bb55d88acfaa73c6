"""Going on with another source, model or dtype while a stream runs: one session, with the words so far."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.addresses import shown_address
from app.controllers.stream_builder import Continue, continue_stream
from app.settings import Settings
from app.translation import tr

if TYPE_CHECKING:
    from app.main import Courtside


class Switching(QObject):
    """Belongs to the application.

    Attributes:
        go_on: makes the stream that goes on.
    """

    def __init__(self, courtside: Courtside) -> None:
        super().__init__(courtside)
        self.go_on: Continue = continue_stream
        self._courtside = courtside
        self._running = courtside.settings
        window = courtside.window
        window.user_actions.switch.triggered.connect(self.switch)
        window.picker.field.textChanged.connect(lambda _: self.offer())
        window.phase_changed.connect(self._follow)

    def switch(self) -> None:
        """To what is chosen now."""
        courtside = self._courtside
        window = courtside.window
        if courtside.session is None or not window.phase.pausable:
            return
        courtside.models.keep()
        settings = courtside.outputs.current_settings(window.current_settings(courtside.settings))
        build = partial(self.go_on, settings, courtside.sources.exclusions(), courtside.fanout)
        if not courtside.session.switch(build):
            return
        courtside.settings = settings
        window.hide_password()
        window.status.set_notice(tr("Switching; what was said is remembered"), passing=True)
        if courtside.status is not None:
            courtside.status.switched(shown_address(settings.source))
        courtside.captions.check_mask(settings.source, courtside.own_windows, window)
        self._remember()

    def offer(self) -> None:
        """Whether something else is chosen than what runs."""
        courtside = self._courtside
        chosen = courtside.window.picker.spec()
        differs = chosen != shown_address(self._running.source) or _engine(courtside.settings) != _engine(self._running)
        courtside.window.offer_switch(bool(chosen) and differs)

    def _follow(self) -> None:
        if self._courtside.window.phase.at_rest:
            return
        if not self._courtside.window.phase.pausable:  # one begins
            self._remember()
        self.offer()

    def _remember(self) -> None:
        self._running = self._courtside.settings
        self.offer()


def _engine(settings: Settings) -> tuple[object, ...]:
    """What cannot be changed of an engine that runs."""
    return settings.model, settings.dtype, settings.fps, settings.size, settings.vision_window_s
