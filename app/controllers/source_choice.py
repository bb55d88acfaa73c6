"""The window of sources and the drawing of a region: opened when they are wanted, and what was chosen in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.capture.source import CaptureExclusions
from app.settings import Rect, ignore_list

if TYPE_CHECKING:
    from app.main import Courtside
    from app.window.region_selector import RegionSelector
    from app.window.source_gallery import SourceGallery

HIDDEN_MS = 250
"""Until our own windows have gone from the screen, before pictures of it are taken to draw on."""


class SourceChoice(QObject):
    """Nothing of the window is imported before it is opened.

    Attributes:
        gallery, selector: None while they are closed.
    """

    def __init__(self, courtside: Courtside) -> None:
        super().__init__(courtside)
        self.gallery: SourceGallery | None = None
        self.selector: RegionSelector | None = None
        self._courtside = courtside
        self._timer = QTimer(self, singleShot=True, interval=HIDDEN_MS)
        self._timer.timeout.connect(self._draw)
        courtside.window.user_actions.choose_source.triggered.connect(self.open)

    def exclusions(self) -> CaptureExclusions:
        """What pictures must not show, as of whenever they are taken."""
        courtside = self._courtside
        return CaptureExclusions(courtside.own_windows, lambda: ignore_list(courtside.settings))

    def open(self) -> None:
        from app.window.source_gallery import SourceGallery

        if self.gallery is None:
            self.gallery = SourceGallery(self._courtside.settings, self.exclusions())
            self.gallery.chosen.connect(self._chosen)
            self.gallery.region_wanted.connect(self._hide_to_draw)
            self.gallery.changed.connect(self._keep)
            self.gallery.closed.connect(self._closed)
        self.gallery.bring_to_front()

    def close(self) -> None:
        self._timer.stop()
        if self.selector is not None:
            self.selector.cancel()
        if self.gallery is not None:
            self.gallery.close()

    def rects(self) -> list[Rect]:
        """Where the window is, for pictures of the screen to leave out. From any thread."""
        gallery = self.gallery
        return gallery.place.rects() if gallery is not None else []

    def _chosen(self, spec: str) -> None:
        self._courtside.window.picker.choose(spec)
        if self.gallery is not None:
            self.gallery.close()

    def _keep(self) -> None:
        if self.gallery is not None:
            self._courtside.settings = self.gallery.current_settings(self._courtside.settings)

    def _closed(self) -> None:
        if self.gallery is not None:
            self.gallery.deleteLater()
            self.gallery = None

    def _hide_to_draw(self) -> None:
        if self.gallery is not None:
            self.gallery.hide()
        self._courtside.window.hide()
        self._timer.start()

    def _draw(self) -> None:
        from app.window.region_selector import RegionSelector

        self.selector = RegionSelector(self)
        self.selector.chosen.connect(self._drawn)
        self.selector.cancelled.connect(self._drawing_over)
        self.selector.open()

    def _drawn(self, region: Rect) -> None:
        self._drawing_over()
        self._chosen("region:" + ",".join(map(str, region)))

    def _drawing_over(self) -> None:
        self.selector = None
        self._courtside.window.show()
        if self.gallery is not None:
            self.gallery.bring_to_front()
