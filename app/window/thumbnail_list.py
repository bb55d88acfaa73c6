"""Screens and windows as a list of pictures to choose from."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app import theme
from app.capture.thumbnails import HEIGHT, WIDTH, Thumbnail
from app.colours import Role
from app.translation import tr

SPEC = Qt.ItemDataRole.UserRole
LETTERS = 30


class ThumbnailList(QListWidget):
    """Arrow keys move, Enter or a double click chooses. What is selected stays so while the pictures change.

    Signals:
        chosen: the SOURCE.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plainList")
        self.setAccessibleName(tr("Screens and windows"))
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMovement(QListWidget.Movement.Static)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(WIDTH, HEIGHT))
        self.setGridSize(QSize(WIDTH + 20, HEIGHT + 52))
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.itemActivated.connect(lambda item: self.chosen.emit(item.data(SPEC)))

    def show_all(self, thumbnails: list[Thumbnail]) -> None:
        """These, in this order; what is there already is only painted anew."""
        there = {self.item(row).data(SPEC): self.item(row) for row in range(self.count())}
        wanted = [thumbnail.spec for thumbnail in thumbnails]
        for spec in set(there) - set(wanted):
            self.takeItem(self.row(there.pop(spec)))
        for thumbnail in thumbnails:
            item = there.get(thumbnail.spec)
            if item is None:
                item = QListWidgetItem()
                item.setData(SPEC, thumbnail.spec)
                self.addItem(item)
            _fill(item, thumbnail)
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(0)

    def current_spec(self) -> str:
        """The SOURCE of what is selected, "" for nothing."""
        item = self.currentItem()
        return item.data(SPEC) if item is not None else ""


def _fill(item: QListWidgetItem, thumbnail: Thumbnail) -> None:
    label = thumbnail.label if len(thumbnail.label) <= LETTERS else thumbnail.label[: LETTERS - 1] + "…"
    item.setText(label)
    item.setToolTip(f"{thumbnail.label} ({thumbnail.spec})")
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{thumbnail.label}. {thumbnail.why}".strip(". "))
    item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
    icon = QIcon()
    picture = _pixmap(thumbnail)
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # a picture is not tinted where it is selected
        icon.addPixmap(picture, mode)
    item.setIcon(icon)


def _pixmap(thumbnail: Thumbnail) -> QPixmap:
    """The picture in the middle of a surface of one size; the surface alone where there is none."""
    ground = QPixmap(WIDTH, HEIGHT)
    ground.fill(theme.colour(Role.PICTURE))
    painter = QPainter(ground)
    picture = thumbnail.picture
    if picture is None:
        painter.setPen(theme.colour(Role.MUTED))
        painter.setFont(theme.ui_font(10))
        lines = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(ground.rect().adjusted(12, 8, -12, -8), lines, thumbnail.why)
    else:
        height, width = picture.shape[:2]
        image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        painter.drawImage((WIDTH - width) // 2, (HEIGHT - height) // 2, image)
    painter.end()
    return ground
