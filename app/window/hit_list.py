"""What a search found, as a list: the words found stand out."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app import theme
from app.colours import Role
from app.library.library import Hit
from app.session.records import clock

Index: TypeAlias = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
PADDING = 8
TEXT_POINTS = 10.5
SMALL_POINTS = 9


class HitList(QAbstractListModel):
    """Hits in the order found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []

    def show_hits(self, hits: list[Hit]) -> None:
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def hit(self, number: int) -> Hit:
        return self._hits[number]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        hit = self._hits[index.row()]
        return f"{place_of(hit)}: {hit.text}"


def place_of(hit: Hit) -> str:
    """Where it was found, in words."""
    began = f"{datetime.fromtimestamp(hit.started_at):%Y-%m-%d %H:%M}" if hit.started_at else ""
    when = "" if hit.at is None else clock(max(0.0, hit.at))
    kind = "" if hit.kind == "line" else hit.kind
    return "  ·  ".join(part for part in (when, kind, hit.title, began) if part)


class HitDelegate(QStyledItemDelegate):
    """The words in one row, what was found in the accent's colour, its place in small print below."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text_font = theme.ui_font(TEXT_POINTS)
        self._small_font = theme.ui_font(SMALL_POINTS)
        self._text_height = QFontMetrics(self._text_font).height()
        self._small_height = QFontMetrics(self._small_font).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._text_height + self._small_height + 2 * PADDING + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, HitList)
        hit = model.hit(index.row())
        box: QRect = option.rect.adjusted(PADDING + 4, PADDING, -PADDING - 4, -PADDING)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.colour(Role.ACCENT, 0.16))
        painter.setClipRect(box)
        self._paint_text(painter, box, hit)
        painter.setFont(self._small_font)
        painter.setPen(theme.colour(Role.MUTED))
        below = box.adjusted(0, self._text_height + 2, 0, 0)
        elided = painter.fontMetrics().elidedText(place_of(hit), Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), elided)
        painter.restore()

    def _paint_text(self, painter: QPainter, box: QRect, hit: Hit) -> None:
        """In one row that begins a little before the first place found."""
        start = max(0, hit.spans[0][0] - 40) if hit.spans else 0
        shown = one_row(hit.text[start:])
        layout = QTextLayout(shown, self._text_font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.setFormats([_found(shown, begin - start, end - start) for begin, end in hit.spans])
        layout.beginLayout()
        layout.createLine().setLineWidth(100_000)
        layout.endLayout()
        painter.setPen(theme.colour(Role.TEXT))
        layout.draw(painter, box.topLeft().toPointF())


def one_row(text: str) -> str:
    """As long as before, so that places in it stay right, but in one row and without control characters."""
    return "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)


def _found(text: str, begin: int, end: int) -> QTextLayout.FormatRange:
    """The characters [begin, end) of `text` in the style of what was found; Qt counts in UTF-16."""
    style = QTextCharFormat()
    style.setForeground(theme.colour(Role.ACCENT))
    style.setFontWeight(700)
    place = QTextLayout.FormatRange()
    place.start = _units(text[:begin])
    place.length = _units(text[begin:end])
    place.format = style
    return place


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2
