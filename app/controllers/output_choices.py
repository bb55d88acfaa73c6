"""What the user has chosen for the outputs, and the window in which that is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.settings import Rect, Settings, output_options
from core.errors import UsageError

if TYPE_CHECKING:
    from app.outputs.speech import SpeechOptions
    from app.window.outputs_window import OutputsWindow, Tables
    from app.window.voices_window import VoicesWindow


class OutputChoices(QObject):
    """Opens the window, which is not imported before, and keeps what is chosen in it.

    Attributes:
        window, voices: of the outputs, and of the voices; None while they are closed.

    Signals:
        changed: something else is chosen.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window: OutputsWindow | None = None
        self.voices: VoicesWindow | None = None
        self._tables: Tables = settings.outputs
        self._more = settings.voices

    def open(self) -> None:
        from app.window.outputs_window import OutputsWindow

        if self.window is None:
            self.window = OutputsWindow(self._tables)
            self.window.changed.connect(self._keep)
            self.window.voices_wanted.connect(self.open_voices)
            self.window.closed.connect(self._forget)
        self.window.bring_to_front()

    def open_voices(self) -> None:
        """All voices: what is here, how they sound, how to get more."""
        from app.window.voices_window import VoicesWindow

        if self.voices is None:
            self.voices = VoicesWindow(self._speech(), self._more)
            self.voices.chosen.connect(self._choose_voice)
            self.voices.added_changed.connect(self._keep_voices)
            self.voices.closed.connect(self._forget_voices)
        self.voices.bring_to_front()

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with what has been chosen here."""
        return replace(settings, outputs=self._tables, voices=self._more)

    def take(self, settings: Settings) -> None:
        """What the settings say."""
        self._more = settings.voices
        if settings.outputs != self._tables:
            if self.window is not None:
                self.window.take(settings.outputs)
            self._choose(settings.outputs)

    def rects(self) -> list[Rect]:
        """Where the window is, for pictures of the screen to leave out. From any thread."""
        return [rect for window in (self.window, self.voices) if window is not None for rect in window.place.rects()]

    def close(self) -> None:
        for window in (self.window, self.voices):
            if window is not None:
                window.close()

    def _choose(self, tables: Tables) -> None:
        self._tables = tables
        self.changed.emit()

    def _keep(self, tables: Tables) -> None:
        self._choose(tables)
        if self.voices is not None:
            self.voices.take(self._speech())

    def _keep_voices(self, more: tuple[str, ...]) -> None:
        self._more = more

    def _choose_voice(self, name: str) -> None:
        if self.window is not None:
            self.window.choose_voice(name)
            return
        speech = {"on": False, **self._tables.get("speech", {}), "voice": name, "speaker": 0}
        self._choose({**self._tables, "speech": speech})

    def _speech(self) -> SpeechOptions:
        """How it speaks; the usual way where the settings make no sense."""
        from app.outputs.speech import SpeechOptions

        try:
            return output_options(Settings(outputs=self._tables), "speech", SpeechOptions) or SpeechOptions()
        except UsageError:
            return SpeechOptions()

    def _forget_voices(self) -> None:
        if self.voices is not None:
            self.voices.deleteLater()
            self.voices = None

    def _forget(self) -> None:
        if self.window is not None:
            self.window.deleteLater()
            self.window = None
