"""What two sessions said of the same footage, as a table model."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app import theme
from app.colours import Role
from app.library.compare import Pair
from app.session.records import clock

Index: TypeAlias = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Column(IntEnum):
    TIME = 0
    FIRST = 1
    SECOND = 2


class PairTable(QAbstractTableModel):
    """One moment a row; where the two differ, the words are in the accent's colour."""

    def __init__(self, pairs: list[Pair], names: tuple[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pairs = pairs
        self._headings = ("", *names)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._pairs)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        pair = self._pairs[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return (clock(pair.start), pair.first, pair.second)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            is_marked = not pair.same and index.column() != Column.TIME
            return theme.colour(
                Role.ACCENT if is_marked else Role.TEXT if index.column() != Column.TIME else Role.MUTED
            )
        return None
