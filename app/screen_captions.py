"""The captions on the screen as the application shows, hides and clears them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from app.overlay.band import CaptionBand
from app.overlay.place import WindowPlace
from app.settings import Rect, Settings
from app.window.actions import Actions


class ScreenCaptions(QObject):
    """The caption band, what the user has chosen for it, and whether it is hidden by a panic.

    Attributes:
        band: the window that shows them.
        on_start: whether they appear when a stream starts.
    """

    def __init__(self, settings: Settings, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.band = CaptionBand(WindowPlace(), settings.overlay_rect)
        self.on_start = settings.overlay_on_start
        self._rect = settings.overlay_rect
        self._actions = actions
        self._shown_before_panic: bool | None = None  # None: there was no panic
        actions.show_overlay.triggered.connect(lambda: self.choose(True))
        actions.hide_overlay.triggered.connect(lambda: self.choose(False))
        actions.move_overlay.toggled.connect(self.band.set_moving)
        self.band.placed.connect(self._placed)

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with what has been chosen here."""
        return replace(settings, overlay_on_start=self.on_start, overlay_rect=self._rect)

    def choose(self, shown: bool) -> None:
        """The user's choice, which also holds for the next start."""
        self.on_start = shown
        self.show(shown)

    def show(self, shown: bool) -> None:
        if not shown:
            self._actions.move_overlay.setChecked(False)
        self.band.setVisible(shown)
        self._actions.set_overlay_shown(shown)

    def clear_and_hide(self) -> None:
        """At once, until `show_again`."""
        if self._shown_before_panic is None:
            self._shown_before_panic = self.band.isVisible()
        self.band.clear()
        self.show(False)

    def show_again(self) -> bool:
        """Whether there was a panic, which is over now: they are shown if they were before it, and empty."""
        shown = self._shown_before_panic
        if shown is None:
            return False
        self.forget_panic()
        self.band.clear()  # of what was made of the chunk under way
        if shown:
            self.show(True)
        return True

    def forget_panic(self) -> None:
        """The stream that it was about has ended; they stay hidden until the next one."""
        self._shown_before_panic = None

    def close(self) -> None:
        self._actions.move_overlay.setChecked(False)
        self.band.close()

    def _placed(self, rect: Rect) -> None:
        self._rect = rect
