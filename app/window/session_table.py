"""The sessions of the library as a table model."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.library.scan import Row
from app.library.wording import BROKEN_OFF
from app.session.plain_text import clean
from app.session.records import clock
from app.texts import noop
from app.translation import tr

Index: TypeAlias = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Column(IntEnum):
    BEGAN = 0
    TITLE = 1
    LENGTH = 2
    LINES = 3
    SOURCE = 4
    MODEL = 5
    PERSONA = 6
    MARKS = 7
    PICTURES = 8


HEADINGS = (
    noop("Began"),
    noop("Name"),
    noop("Length"),
    noop("Lines"),
    noop("Source"),
    noop("Model"),
    noop("Persona"),
    noop("Marks"),
    noop("Pictures"),
)
FIGURES = (Column.LENGTH, Column.LINES, Column.MARKS, Column.PICTURES)


class SessionTable(QAbstractTableModel):
    """One session a row, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def show_rows(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> Row:
        return self._rows[number]

    def number_of(self, folder: str) -> int | None:
        """The row of that session; None when it is not shown."""
        return next((number for number, row in enumerate(self._rows) if row.folder == folder), None)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(HEADINGS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in FIGURES else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _shown(self._rows[index.row()], Column(index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in FIGURES:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


def _shown(row: Row, column: Column) -> str:
    match column:
        case Column.BEGAN:
            return f"{datetime.fromtimestamp(row.started_at):%Y-%m-%d %H:%M}" if row.started_at else ""
        case Column.TITLE:
            tags = "".join(f"  #{tag}" for tag in row.tags.split("\n") if tag)
            ended = BROKEN_OFF if row.broken_off else ""
            return " ".join(clean(row.title + tags + ended).split())
        case Column.LENGTH:
            return clock(row.length_s)
        case Column.LINES:
            return f"{row.lines:,}"
        case Column.SOURCE:
            return " ".join(clean(row.source).split())
        case Column.MODEL:
            return clean(row.model)
        case Column.PERSONA:
            return clean(row.persona)
        case Column.MARKS:
            return str(row.marks or "")
        case Column.PICTURES:
            return f"{row.pictures:,}" if row.pictures else ""
