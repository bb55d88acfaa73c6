"""The captions on the screen as the application shows, hides and clears them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.caption_style import CaptionStyle, caption_style, written_style
from app.overlay.band import CaptionBand
from app.overlay.monitor_places import MonitorPlaces
from app.overlay.place import WindowPlace
from app.settings import Rect, Settings
from app.window.actions import Actions
from core.errors import UsageError

if TYPE_CHECKING:
    from app.capture.source import OwnWindows
    from app.controllers.mask_check import MaskCheck
    from app.window.caption_window import CaptionWindow
    from app.window.main_window import MainWindow


class ScreenCaptions(QObject):
    """The caption band, what the user has chosen for it, and whether it is hidden by a panic.

    Attributes:
        band: the window that shows them.
        window: where their look is chosen, None while it is closed. problem: what is wrong with the settings, or "".
        on_start: whether they appear when a stream starts.
    """

    def __init__(self, settings: Settings, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        places = MonitorPlaces(settings.overlay_places, settings.overlay_monitor)
        self.band = CaptionBand(WindowPlace(), places)
        if settings.overlay_rect is not None and not settings.overlay_places:  # of an older version
            self.band.place_at(settings.overlay_rect)
        self.on_start = settings.overlay_on_start
        self.problem = ""
        self.window: CaptionWindow | None = None
        self._style = self._written(settings)
        self._rect = settings.overlay_rect
        self._actions = actions
        self._mask_check: MaskCheck | None = None
        self._shown_before_panic: bool | None = None  # None: there was no panic
        actions.show_overlay.triggered.connect(lambda: self.choose(True))
        actions.hide_overlay.triggered.connect(lambda: self.choose(False))
        actions.move_overlay.toggled.connect(self.band.set_moving)
        actions.style_overlay.triggered.connect(self.open_style)
        self.band.placed.connect(self._placed)
        self.band.set_style(self._style)

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with what has been chosen here."""
        written = settings.captions if self.problem else written_style(self._style)
        return replace(settings, overlay_on_start=self.on_start, captions=written, **self._places())

    def _places(self) -> dict[str, Any]:
        places = self.band.places
        return {"overlay_rect": self._rect, "overlay_places": places.written(), "overlay_monitor": places.last}

    def take(self, settings: Settings) -> None:
        """What the settings say, at once."""
        self.on_start = settings.overlay_on_start
        if not self.problem or settings.captions:
            self.restyle(self._written(settings))

    def open_style(self) -> None:
        """Where their look is chosen; meanwhile they are shown, with a sample in silence."""
        from app.window.caption_window import CaptionWindow

        if self.window is None:
            self.window = CaptionWindow(self._style)
            self.window.changed.connect(self.restyle)
            self.window.closed.connect(self._style_closed)
            self.band.set_style(self._style, sampling=True)
            self.show(True)
        self.window.bring_to_front()

    def restyle(self, style: CaptionStyle) -> None:
        """At once."""
        self._style = style
        self.problem = ""
        self.band.set_style(style, sampling=self.window is not None)

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

    def check_mask(self, source: str, own_windows: OwnWindows, window: MainWindow) -> None:
        """Tries whether they stay out of pictures of the screen, and has `window` tell."""
        from app.controllers.mask_check import MaskCheck

        if self._mask_check is None:
            self._mask_check = MaskCheck(self.band, window, self)
        self._mask_check.start(source, own_windows)

    def close(self) -> None:
        if self._mask_check is not None:
            self._mask_check.close()
        self._actions.move_overlay.setChecked(False)
        if self.window is not None:
            self.window.close()
        self.band.close()

    def rects(self) -> list[Rect]:
        """Where band and window are, for pictures of the screen to leave out. From any thread."""
        window = self.window
        return [*self.band.place.rects(), *(window.place.rects() if window is not None else [])]

    def _style_closed(self) -> None:
        if self.window is not None:
            self.window.deleteLater()
            self.window = None
        self.band.set_style(self._style)

    def _written(self, settings: Settings) -> CaptionStyle:
        """The settings' own; the usual one where they make no sense, which is told as `problem` and kept."""
        try:
            return caption_style(settings.captions)
        except UsageError as error:
            self.problem = str(error)
            return CaptionStyle()

    def _placed(self, rect: Rect) -> None:
        self._rect = rect
