"""A slide show over the whole screen: `python tests/slide_show.py`.

The first slide is a title, the others show a match. Says on stdout `ready`, and `slide N` when a key turns to it.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from app.capture.source import CaptureOptions
from app.capture.spec import open_source
from core.types import Frame

TITLE = "Evening talk"


class Slides(QLabel):
    """Keys turn the slides."""

    arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__("<h1>What a small model sees</h1>")
        self.setWindowTitle(TITLE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setStyleSheet("background: #ffffff; color: #000000")
        self._number = 1
        self.arrived.connect(self._show)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._number += {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        print("slide", self._number, flush=True)

    def _show(self, frame: Frame) -> None:
        if self._number > 1:
            height, width = frame.image.shape[:2]
            self.setPixmap(QPixmap(QImage(frame.image.data, width, height, 3 * width, QImage.Format.Format_RGB888)))


def main() -> None:
    application = QApplication([])
    slides = Slides()
    slides.showFullScreen()
    slides.activateWindow()
    match = open_source("arena:5", CaptureOptions(fps=2, preview_fps=10))

    def play() -> None:
        match.open()
        while isinstance(frame := match.read(), Frame):
            slides.arrived.emit(frame)
        match.close()

    player = threading.Thread(target=play)
    player.start()
    print("ready", flush=True)
    application.exec()
    match.interrupt()
    player.join()


if __name__ == "__main__":
    main()
