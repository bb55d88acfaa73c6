"""What was said, as a table: when, the words, how old the picture was when they came."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.gauges import figures
from app.session.records import clock
from app.translation import tr
from core.messages import Ask, CommandSent, Line, Piece

MAX_ROWS = 5000  # the session file keeps everything
ROWS_DROPPED_AT_ONCE = 250

Index: TypeAlias = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Column(IntEnum):
    TIME = 0
    TEXT = 1
    AGE = 2


@dataclass(slots=True)
class Row:
    """One line or one question of the viewer.

    Attributes:
        text: the words so far.
        start: source seconds; None while the line is still being written.
        age_s: seconds from picture to first word; None for questions.
        asked: whether the viewer said it.
    """

    text: str
    start: float | None = None
    age_s: float | None = None
    asked: bool = False


class Transcript(QAbstractTableModel):
    """Rows in the order in which they came. Silence is no row.

    Holds at most MAX_ROWS; the oldest go first, some at a time.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._open_round: int | None = None  # the round whose line is the last row and still grows
        self._reached = 0.0

    def write(self, piece: Piece) -> None:
        """Characters of the line being written."""
        if self._open_round == piece.round:
            self._rows[-1].text += piece.text
            self._last_changed()
        elif piece.text.strip():
            self._close()
            self._append(Row(piece.text.lstrip()))
            self._open_round = piece.round

    def finish(self, line: Line) -> None:
        """The line is complete; a silent round leaves no row."""
        self._reached = line.end
        text = line.text.strip()
        if self._open_round != line.round:
            self._close()
            if text:
                self._append(Row(text, line.start, max(0.0, line.shown_at - line.captured_at)))
            return
        self._open_round = None
        if not text:
            self._remove(len(self._rows) - 1, len(self._rows))
            return
        self._rows[-1] = Row(text, line.start, max(0.0, line.shown_at - line.captured_at))
        self._last_changed()

    def follow(self, sent: CommandSent) -> None:
        """Lists what was asked, whoever did: the viewer, a key, a dock of the page, the chat."""
        if isinstance(sent.command, Ask):
            self.ask(sent.command.text)

    def ask(self, question: str) -> None:
        """One question."""
        self._close()
        self._append(Row(question, self._reached, asked=True))

    def clear(self) -> None:
        self.beginResetModel()
        self._rows.clear()
        self._open_round = None
        self._reached = 0.0
        self.endResetModel()

    def row(self, number: int) -> Row:
        return self._rows[number]

    def is_open(self, number: int) -> bool:
        """Whether that row is still being written."""
        return self._open_round is not None and number == len(self._rows) - 1

    def plain_text(self, number: int) -> str:
        """The row as it is copied: `04:07  words`."""
        row = self._rows[number]
        when = "     " if row.start is None else clock(row.start)
        return f"{when}  {'> ' if row.asked else ''}{row.text}"

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(row, Column(index.column()))
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            if role == Qt.ItemDataRole.ToolTipRole and index.column() != Column.AGE:
                return None
            return tr("seconds from picture to text") if index.column() == Column.AGE else row.text
        return None

    def _shown(self, row: Row, column: Column) -> str:
        if column == Column.TEXT:
            return row.text
        if column == Column.TIME:
            return "now" if row.start is None else clock(row.start)
        return "" if row.age_s is None else figures.seconds(row.age_s)

    def _close(self) -> None:
        """A line whose end never came stays as far as it was written."""
        if self._open_round is not None:
            self._rows[-1].start = self._reached
            self._open_round = None
            self._last_changed()

    def _append(self, row: Row) -> None:
        if len(self._rows) >= MAX_ROWS:
            self._remove(0, ROWS_DROPPED_AT_ONCE)
        place = len(self._rows)
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.append(row)
        self.endInsertRows()

    def _remove(self, first: int, end: int) -> None:
        self.beginRemoveRows(QModelIndex(), first, end - 1)
        del self._rows[first:end]
        self.endRemoveRows()

    def _last_changed(self) -> None:
        last = len(self._rows) - 1
        self.dataChanged.emit(self.index(last, 0), self.index(last, len(Column) - 1))
