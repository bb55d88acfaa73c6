"""Two sessions of the same footage side by side: on one time line, line by line, and their figures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.library.comparison import Comparison, comparison
from app.translation import tr
from app.window.own_window import OwnWindow
from app.window.pair_table import Column, PairTable
from app.window.time_line import TimeLine
from app.window.widgets import card, label

TIME_WIDTH = 70


class ComparisonWindow(OwnWindow):
    """Shows what both said; a click on either time line leads to the lines, a line to its place on both.

    Attributes:
        table: the pairs. time_lines: one of each session. summary: how many lines are the same.
    """

    def __init__(self, first: Path, second: Path) -> None:
        """Raises SessionError for a folder that is no session."""
        self._compared = comparison(first, second)
        super().__init__(tr("Comparison"))
        self.resize(1080, 820)
        found = self._compared
        self.table = PairTable(found.pairs, found.names, self)
        self.view = QTableView()
        self.view.setObjectName("plainTable")  # before it is laid out, which asks the style sheet
        self.time_lines = (TimeLine(), TimeLine())
        self.summary = label("note", tr("{same} of {len} lines the same").format(same=found.same, len=len(found.pairs)))
        column = self.lay_out()
        column.addWidget(_figures(found))
        column.addWidget(self._both_lines())
        column.addWidget(card(self.view), 1)
        column.addWidget(self.summary)
        self._dress()
        self._connect()

    def go_to(self, at: float) -> None:
        """Looks at that source second."""
        self._show_on_lines(at)
        before = [number for number, pair in enumerate(self._compared.pairs) if pair.start <= at + 1e-6]
        if before:
            self.view.selectRow(before[-1])
            self.view.scrollTo(self.table.index(before[-1], 0))

    def _both_lines(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 4, 10, 4)
        column.setSpacing(2)
        for name, view, time_line in zip(self._compared.names, self._compared.views, self.time_lines, strict=True):
            column.addWidget(label("note", name))
            time_line.setAccessibleName(tr("Time line of {name}").format(name=name))
            time_line.show_view(view)
            column.addWidget(time_line)
        return card(inside)

    def _dress(self) -> None:
        view = self.view
        view.setAccessibleName(tr("Both, line by line"))
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

    def _connect(self) -> None:
        for time_line, view in zip(self.time_lines, self._compared.views, strict=True):
            time_line.moved.connect(lambda at, clocks=view.clocks: self.go_to(clocks.source(at)))
        self.view.clicked.connect(self._follow)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    def _follow(self, index: QModelIndex) -> None:
        self._show_on_lines(self._compared.pairs[index.row()].start)

    def _show_on_lines(self, at: float) -> None:
        for time_line, view in zip(self.time_lines, self._compared.views, strict=True):
            time_line.go_to(view.clocks.video(at))


def _figures(compared: Comparison) -> QWidget:
    """The figures of both, one a row, below their names."""
    inside = QWidget()
    grid = QGridLayout(inside)
    grid.setContentsMargins(12, 8, 12, 8)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(2)
    for column, name in enumerate(compared.names, 1):
        grid.addWidget(label("note", name), 0, column)
    for row, (name, first, second) in enumerate(compared.figures, 1):
        grid.addWidget(label("note", name), row, 0)
        grid.addWidget(label("figure", first), row, 1)
        grid.addWidget(label("figure", second), row, 2)
    grid.setColumnStretch(3, 1)
    return card(inside)
