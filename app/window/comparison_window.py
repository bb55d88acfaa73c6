"""Two sessions of the same footage side by side: where they differ, and their figures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHeaderView, QTableView, QWidget

from app.library.compare import pairs
from app.library.figures import figures, in_words
from app.session.events import Session, read_session
from app.session.plain_text import clean
from app.window.own_window import OwnWindow
from app.window.pair_table import Column, PairTable
from app.window.widgets import card, label

TIME_WIDTH = 70


class ComparisonWindow(OwnWindow):
    """Shows what both said, line by line.

    Attributes:
        table: the pairs. summary: how many are the same.
    """

    def __init__(self, first: Path, second: Path) -> None:
        """Raises SessionError for a folder that is no session."""
        sessions = (read_session(first), read_session(second))
        super().__init__("Comparison · Courtside")
        self.resize(1000, 680)
        found = pairs(*sessions)
        names = (_name(sessions[0]), _name(sessions[1]))
        self.table = PairTable(found, names, self)
        self.view = QTableView()
        self.view.setObjectName("plainTable")  # before it is laid out, which asks the style sheet
        same = sum(pair.same for pair in found)
        self.summary = label("note", f"{same} of {len(found)} lines the same")
        column = self.lay_out()
        column.addWidget(_figures(*sessions))
        column.addWidget(card(self.view), 1)
        column.addWidget(self.summary)
        self._dress()
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    def _dress(self) -> None:
        view = self.view
        view.setAccessibleName("Both, line by line")
        view.setModel(self.table)
        view.setShowGrid(False)
        view.setWordWrap(True)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.TIME, QHeaderView.ResizeMode.Fixed)
        view.setColumnWidth(Column.TIME, TIME_WIDTH)


def _name(session: Session) -> str:
    """What tells one session from another of the same footage."""
    settings = session.settings
    cache = settings.get("cache")
    mode = cache.get("mode") if isinstance(cache, dict) else None
    parts = [session.title, settings.get("model") or "bundled", settings.get("persona"), mode]
    return "  ·  ".join(clean(part) for part in parts if isinstance(part, str) and part)


def _figures(first: Session, second: Session) -> QWidget:
    """The figures of both, one a row."""
    inside = QWidget()
    grid = QGridLayout(inside)
    grid.setContentsMargins(12, 8, 12, 8)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(2)
    told = (dict(in_words(figures(first))), dict(in_words(figures(second))))
    for row, name in enumerate(dict.fromkeys([*told[0], *told[1]])):
        grid.addWidget(label("note", name), row, 0)
        for column, side in enumerate(told, 1):
            grid.addWidget(label("figure", side.get(name, "-")), row, column)
    grid.setColumnStretch(3, 1)
    return card(inside)
