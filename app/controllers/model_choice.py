"""The window of models and the first page: opened when they are wanted, and what was chosen in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.safe_settings import safe_settings
from app.settings import Rect, Settings
from core.engine.supervised_host import KEEPS_STOPPING
from core.messages import Failure

if TYPE_CHECKING:
    from app.window.first_page import FirstPage
    from app.window.models_window import ModelsWindow

FIRST_PAGE_AFTER_MS = 1500
"""After the window: the demo match is on its way by then."""


START_SAFELY = "Start with safe settings"


class ModelChoice(QObject):
    """Nothing of the window is imported before it is opened.

    Attributes:
        window, first_page: None while they are closed.

    Signals:
        changed: the settings as they are now. start_wanted: a stream, with those.
    """

    changed = Signal(object)
    start_wanted = Signal()

    def __init__(self, settings: Callable[[], Settings], parent: QObject | None = None) -> None:
        """`settings` gives those of now."""
        super().__init__(parent)
        self.window: ModelsWindow | None = None
        self.first_page: FirstPage | None = None
        self._timer = QTimer(self, singleShot=True, interval=FIRST_PAGE_AFTER_MS)
        self._timer.timeout.connect(self.open_first_page)
        self._settings = settings

    def open(self) -> None:
        from app.window.models_window import ModelsWindow

        if self.window is None:
            self.window = ModelsWindow(self._settings())
            self.window.chosen.connect(lambda _: self.keep())
            self.window.closed.connect(self._closed)
        self.window.bring_to_front()

    def open_first_page(self) -> None:
        """What was found here, and what suits it; from now on it counts as seen."""
        from app.window.first_page import FirstPage

        if self.first_page is None:
            self.first_page = FirstPage()
            self.first_page.choice_wanted.connect(self._open_with)
            self.first_page.bundled_wanted.connect(self._start_bundled)
            self.first_page.closed.connect(self._first_page_closed)
        self.first_page.bring_to_front()
        self.changed.emit(replace(self._settings(), first_page_seen=True))

    def _open_with(self, name: str) -> None:
        """The window of models, with that one in sight."""
        self.open()
        if self.window is not None and name:
            self.window.select(name)

    def open_first_page_once(self) -> None:
        """Soon after the window, unless it was ever seen."""
        if not self._settings().first_page_seen:
            self._timer.start()

    def take(self, settings: Settings) -> None:
        """What the settings say, for the next start."""
        if self.window is not None:
            self.window.take(settings)

    def keep(self) -> None:
        """What the window says goes to the settings."""
        if self.window is not None:
            self.changed.emit(self.window.current_settings(self._settings()))

    def close(self) -> None:
        self._timer.stop()
        for window in (self.window, self.first_page):
            if window is not None:
                window.close()

    def rects(self) -> list[Rect]:
        """Where they are, for pictures of the screen to leave out. From any thread."""
        return [
            rect for window in (self.window, self.first_page) if window is not None for rect in window.place.rects()
        ]

    def _start_bundled(self) -> None:
        self.changed.emit(replace(self._settings(), model=""))
        self.start_wanted.emit()

    def remedy(self, failure: Failure) -> str:
        """What the window offers to do about it, "" for nothing."""
        settings = self._settings()
        return START_SAFELY if failure.title == KEEPS_STOPPING and safe_settings(settings) != settings else ""

    def start_safely(self) -> None:
        """With safe settings in the place of those with which the engine kept stopping."""
        if self.window is not None:
            self.window.close()
        self.changed.emit(safe_settings(self._settings()))
        self.start_wanted.emit()

    def _first_page_closed(self) -> None:
        if self.first_page is not None:
            self.first_page.deleteLater()
            self.first_page = None

    def _closed(self) -> None:
        self.keep()
        if self.window is not None:
            self.window.deleteLater()
            self.window = None
