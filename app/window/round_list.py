"""The transcript of a recorded session as a list model: lines, and marks, notes and questions among them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.library.session_view import Entry
from app.session.records import clock

Index: TypeAlias = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class RoundList(QAbstractListModel):
    """Entries by time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def show_entries(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def entry(self, number: int) -> Entry:
        return self._entries[number]

    def number_of(self, entry: Entry) -> int | None:
        """Where that entry stands, also when its words have changed; None when it has gone."""
        key = (entry.at, entry.kind, entry.round)
        found = [number for number, other in enumerate(self._entries) if (other.at, other.kind, other.round) == key]
        return found[0] if found else None

    def nearest(self, at: float) -> int | None:
        """The last entry at or before that second, else the first; None when there is none."""
        place = bisect_right(self._entries, at + 1e-6, key=lambda entry: entry.at)
        return max(0, place - 1) if self._entries else None

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            words = entry.text if entry.kind == "line" else f"{entry.kind}: {entry.text}".removesuffix(": ")
            return f"{clock(entry.at)}  {words}"
        return None
