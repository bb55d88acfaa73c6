"""A window beside the main one that pictures of the screen leave out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QMoveEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from app.overlay.desktop import publish_place
from app.overlay.place import WindowPlace

OURS = "Courtside"
MARGIN = 16
SPACING = 12


class OwnWindow(QMainWindow):
    """Tells where it is, for the capture to leave out.

    Attributes:
        place: where it is on the desktop, readable from any thread.

    Signals:
        closed: it is closed.
    """

    closed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.set_title(title)
        self.place = WindowPlace()

    def set_title(self, title: str) -> None:
        """What it is, and whose; as Qt itself would write that, which adds it on some systems alone."""
        self.setWindowTitle(title if title == OURS else f"{title} \N{EM DASH} {OURS}")

    def lay_out(self) -> QVBoxLayout:
        """The column that everything stands in."""
        ground = QWidget()
        ground.setObjectName("ground")
        column = QVBoxLayout(ground)
        column.setContentsMargins(MARGIN, MARGIN - 4, MARGIN, MARGIN)
        column.setSpacing(SPACING)
        self.setCentralWidget(ground)
        return column

    def bring_to_front(self) -> None:
        """In front of other programs, and with the keyboard; one that is opened, over the window that had it."""
        if not self.isVisible() and (front := QApplication.activeWindow()) is not None:
            self.move(_middle(front.frameGeometry(), self.frameGeometry(), front.screen().availableGeometry()))
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        publish_place(self, self.place)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        publish_place(self, self.place)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            publish_place(self, self.place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        publish_place(self, self.place)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        publish_place(self, self.place)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


def _middle(front: QRect, own: QRect, screen: QRect) -> QPoint:
    """Where a window of that size stands in the middle of another, and all of it on the screen as far as it fits."""
    own.moveCenter(front.center())
    left = max(screen.left(), min(own.left(), screen.right() - own.width()))
    return QPoint(left, max(screen.top(), min(own.top(), screen.bottom() - own.height())))
