"""Tries at a stream's start whether the captions stay out of its pictures, and tells."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor

from app.capture.mask_test import MaskVerdict, marker_colour, tried
from app.translation import tr
from core.errors import CourtsideError

if TYPE_CHECKING:
    from app.capture.source import OwnWindows, Rectangle
    from app.overlay.band import CaptionBand
    from app.window.main_window import MainWindow

SCREENS = ("screen", "region")
FAILED = "The captions are in the picture"
REMEDY = "The commentator would read its own words: move the captions off what is captured, or capture a window"


class MaskCheck(QObject):
    """One try at a time, in a thread of its own.

    Signals:
        found: a MaskVerdict.
    """

    found = Signal(object)

    def __init__(self, band: CaptionBand, window: MainWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._band = band
        self._window = window
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.found.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def start(self, source: str, own_windows: OwnWindows) -> None:
        """Does nothing where no screen is captured, or the captions are hidden."""
        places = self._band.place.rects()
        if source.partition(":")[0] not in SCREENS or not places or self._thread is not None:
            return
        colour = marker_colour()
        self._band.set_marker(QColor(*colour))
        self._stop.clear()
        self._thread = threading.Thread(
            target=self._try, args=(colour, places[0], own_windows), name="mask check", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._band.set_marker(None)

    def _try(self, colour: tuple[int, int, int], area: Rectangle, own_windows: OwnWindows) -> None:
        try:
            verdict = tried(colour, area, own_windows, self._stop)
        except CourtsideError:  # the stream tells of that, too
            verdict = MaskVerdict.NOT_SEEN
        self.found.emit(verdict)

    def _tell(self, verdict: MaskVerdict) -> None:
        if self._stop.is_set():
            return
        self.close()
        match verdict:
            case MaskVerdict.KEPT_OUT:
                self._window.status.set_notice(tr("Checked: the captions stay out of the picture"), passing=True)
            case MaskVerdict.SHOWN:
                self._window.banner.show_error(FAILED, REMEDY)
            case MaskVerdict.NOT_SEEN:
                self._window.status.set_notice(tr("Not checked whether captions stay out of the picture"), passing=True)
