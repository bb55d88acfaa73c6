"""What the user has chosen for the outputs, and the window in which that is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.settings import Rect, Settings

if TYPE_CHECKING:
    from app.window.outputs_window import OutputsWindow, Tables


class OutputChoices(QObject):
    """Opens the window, which is not imported before, and keeps what is chosen in it.

    Attributes:
        window: None while it is closed.
    """

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window: OutputsWindow | None = None
        self._tables: Tables = settings.outputs

    def open(self) -> None:
        from app.window.outputs_window import OutputsWindow

        if self.window is None:
            self.window = OutputsWindow(self._tables)
            self.window.changed.connect(self._keep)
            self.window.closed.connect(self._forget)
        self.window.bring_to_front()

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with what has been chosen here."""
        return replace(settings, outputs=self._tables)

    def take(self, settings: Settings) -> None:
        """What the settings say, from the next start on."""
        if settings.outputs != self._tables:
            self._tables = settings.outputs
            if self.window is not None:
                self.window.take(settings.outputs)

    def rects(self) -> list[Rect]:
        """Where the window is, for pictures of the screen to leave out. From any thread."""
        window = self.window
        return [] if window is None else window.place.rects()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()

    def _keep(self, tables: Tables) -> None:
        self._tables = tables

    def _forget(self) -> None:
        if self.window is not None:
            self.window.deleteLater()
            self.window = None
