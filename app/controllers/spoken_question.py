"""Hold to ask: what is said while a button is held stands in the question's field, to be read before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.listening.listener import FIX, Listener, is_installed
from app.listening.listener_process import OPEN, Heard, Trouble
from app.translation import tr
from core.errors import CourtsideError

if TYPE_CHECKING:
    from app.main import Courtside

SILENT_AFTER_S = 0.3
"""After it was switched off: what a sound device had in store has been played."""


class SpokenQuestion(QObject):
    """The microphone is open only while it is held, and never while the voice speaks.

    Signals:
        told: OPEN, what was heard, or why nothing was; from the thread that listens.
    """

    told = Signal(object)

    def __init__(self, courtside: Courtside) -> None:
        super().__init__(courtside)
        self._courtside = courtside
        self._listener: Listener | None = None
        self._voice_spoke = False
        button = courtside.window.hold_to_ask
        button.setVisible(is_installed())
        button.pressed.connect(self._pressed)
        button.released.connect(self.end)
        self.told.connect(self._take)
        courtside.window.phase_changed.connect(lambda phase: None if phase.running else self.end())

    def begin(self) -> None:
        """Listens from now on. Raises CourtsideError where it cannot."""
        courtside = self._courtside
        if not courtside.window.phase.running or courtside.session is None:
            raise CourtsideError("Nothing is watched", "press Start in the window first")
        if not is_installed():
            raise CourtsideError("There is no recogniser", FIX)
        spoke = courtside.status is not None and courtside.status.record()["speech"] == "on"
        if spoke:
            courtside.session.switch_speech(False)
            self._voice_spoke = True
        if self._listener is None:
            self._listener = Listener(self.told.emit)
        self._listener.begin(courtside.settings.microphone, SILENT_AFTER_S if spoke else 0.0)
        courtside.window.status.set_notice(tr("The microphone opens…"))

    def end(self) -> None:
        """What was heard comes soon."""
        if self._listener is not None:
            self._listener.end()

    def close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _pressed(self) -> None:
        try:
            self.begin()
        except CourtsideError as error:
            self._courtside.window.status.set_notice(str(error), passing=True)

    def _take(self, told: object) -> None:
        window = self._courtside.window
        if told == OPEN:
            window.status.set_notice(tr("Listening: ask, then let go"))
            return
        self._let_speak()
        if isinstance(told, Trouble):
            window.status.set_notice(tr("Nothing can be heard: {why}").format(why=told.why), passing=True)
        elif isinstance(told, Heard) and told.text:
            window.question.setText(told.text)
            window.question.setFocus()
            window.status.set_notice(tr("Enter asks it; correct it first if it was misheard"), passing=True)
        else:
            window.status.set_notice(tr("Nothing was understood"), passing=True)

    def _let_speak(self) -> None:
        """The voice goes on, where it was on before."""
        if self._voice_spoke and self._courtside.session is not None:
            self._courtside.session.switch_speech(True)
        self._voice_spoke = False
