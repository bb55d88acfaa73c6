"""The window of models: opened when it is wanted, and what was chosen in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.settings import Rect, Settings

if TYPE_CHECKING:
    from app.window.models_window import ModelsWindow


class ModelChoice(QObject):
    """Nothing of the window is imported before it is opened.

    Attributes:
        window: None while it is closed.

    Signals:
        changed: the settings as they are now.
    """

    changed = Signal(object)

    def __init__(self, settings: Callable[[], Settings], parent: QObject | None = None) -> None:
        """`settings` gives those of now."""
        super().__init__(parent)
        self.window: ModelsWindow | None = None
        self._settings = settings

    def open(self) -> None:
        from app.window.models_window import ModelsWindow

        if self.window is None:
            self.window = ModelsWindow(self._settings())
            self.window.chosen.connect(lambda _: self.keep())
            self.window.closed.connect(self._closed)
        self.window.bring_to_front()

    def keep(self) -> None:
        """What the window says goes to the settings."""
        if self.window is not None:
            self.changed.emit(self.window.current_settings(self._settings()))

    def close(self) -> None:
        if self.window is not None:
            self.window.close()

    def rects(self) -> list[Rect]:
        """Where it is, for pictures of the screen to leave out. From any thread."""
        window = self.window
        return window.place.rects() if window is not None else []

    def _closed(self) -> None:
        self.keep()
        if self.window is not None:
            self.window.deleteLater()
            self.window = None
