"""The transcript on the screen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app import theme
from app.colours import Role
from app.translation import tr
from app.window.transcript import Column, Row, Transcript

PADDING = 6
TIME_WIDTH = 64
AGE_WIDTH = 48
SETTLE_MS = 150
WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class RowDelegate(QStyledItemDelegate):
    """Paints one cell: bright words, quiet figures."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text_font = theme.ui_font(11)
        self.small_font = theme.ui_font(9)
        self._metrics = QFontMetrics(self.text_font)

    def height(self, text: str, width: int) -> int:
        """Pixels that `text` needs when it is wrapped at `width`."""
        return self._metrics.boundingRect(0, 0, max(40, width), 100_000, WRAPPED, text).height() + 2 * PADDING

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        text = index.sibling(index.row(), Column.TEXT).data() or ""
        return QSize(option.rect.width(), self.height(text, option.rect.width()))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        assert isinstance(model, Transcript)  # the only model this view is given
        row = model.row(index.row())
        growing = model.is_open(index.row())
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.colour(Role.ACCENT, 0.16))
        box: QRect = option.rect.adjusted(0, PADDING, 0, -PADDING)
        if index.column() == Column.TEXT:
            painter.setFont(self.text_font)
            painter.setPen(theme.colour(Role.ACCENT if row.asked else Role.TEXT))
            painter.drawText(box, WRAPPED, row.text)
        else:
            self._paint_figure(painter, box, index, row, growing)
        painter.restore()

    def _paint_figure(
        self,
        painter: QPainter,
        box: QRect,
        index: QModelIndex | QPersistentModelIndex,
        row: Row,
        growing: bool,
    ) -> None:
        painter.setFont(self.small_font)
        painter.setPen(theme.colour(Role.ACCENT if growing else Role.FAINT))
        side = Qt.AlignmentFlag.AlignRight if index.column() == Column.AGE else Qt.AlignmentFlag.AlignLeft
        inset = -8 if index.column() == Column.AGE else 14
        baseline_shift = self._metrics.ascent() - QFontMetrics(self.small_font).ascent()
        box = box.adjusted(max(0, inset), baseline_shift, min(0, inset), 0)
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignTop), str(index.data()))


class TranscriptView(QTableView):
    """Follows the newest line unless the user has scrolled up; Ctrl+C copies the selected lines.

    Row heights are set when a row comes or grows, not for the whole table, so that thousands of lines cost nothing.
    """

    def __init__(self, transcript: Transcript, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(tr("Transcript"))
        self._transcript = transcript
        self._following = True
        self._delegate = RowDelegate(self)
        self._latest = QPushButton(tr("↓  Latest"), self)
        self._settled = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._style()
        self.setModel(transcript)
        self._size_columns()
        self._listen()

    def following(self) -> bool:
        """Whether the view keeps to the newest line."""
        return self._following

    def selected_text(self) -> str:
        rows = sorted({index.row() for index in self.selectedIndexes()})
        return "\n".join(self._transcript.plain_text(row) for row in rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            if text := self.selected_text():
                QGuiApplication.clipboard().setText(text)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_visible_rows()
        self._settled.start()
        self._place_button()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._transcript.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(theme.colour(Role.FAINT))
            painter.setFont(theme.ui_font(10.5))
            box = self.viewport().rect().adjusted(24, 0, -24, 0)
            words = tr("What is said appears here, each line with its age.")
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), words)
            painter.end()

    def _style(self) -> None:
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(8)
        self._latest.setAccessibleName(tr("Jump to the latest line"))
        self._latest.hide()

    def _size_columns(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(20)
        header.setSectionResizeMode(Column.TIME, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.TEXT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.AGE, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(Column.TIME, TIME_WIDTH)
        self.setColumnWidth(Column.AGE, AGE_WIDTH)

    def _listen(self) -> None:
        self._transcript.rowsInserted.connect(lambda parent, first, last: self._size_rows(first, last + 1))
        self._transcript.dataChanged.connect(lambda top, bottom: self._size_rows(top.row(), bottom.row() + 1))
        self._transcript.modelReset.connect(self._follow)
        self._settled.timeout.connect(lambda: self._size_rows(0, self._transcript.rowCount()))
        self._latest.clicked.connect(self._follow)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._grown)

    def _size_rows(self, first: int, end: int) -> None:
        width = self.columnWidth(Column.TEXT)
        for row in range(first, end):
            height = self._delegate.height(self._transcript.row(row).text, width)
            if height != self.rowHeight(row):
                self.setRowHeight(row, height)

    def _size_visible_rows(self) -> None:
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        if first >= 0:
            self._size_rows(first, (last if last >= 0 else self._transcript.rowCount() - 1) + 1)

    def _scrolled(self, value: int) -> None:
        self._following = value >= self.verticalScrollBar().maximum() - 4
        self._latest.setVisible(not self._following)

    def _grown(self) -> None:
        if self._following:
            self.scrollToBottom()

    def _follow(self) -> None:
        self._following = True
        self._latest.hide()
        self.scrollToBottom()

    def _place_button(self) -> None:
        size = self._latest.sizeHint()
        self._latest.resize(size)
        self._latest.move((self.width() - size.width()) // 2, self.height() - size.height() - 8)
