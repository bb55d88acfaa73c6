"""The table of sessions as it is shown."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.translation import tr
from app.window.session_table import Column, SessionTable

ROW_HEIGHT = 30
WIDTHS = {
    Column.BEGAN: 150,
    Column.LENGTH: 80,
    Column.LINES: 70,
    Column.SOURCE: 150,
    Column.MODEL: 120,
    Column.PERSONA: 110,
    Column.MARKS: 64,
    Column.PICTURES: 80,
}


class SessionTableView(QTableView):
    """Rows are selected, one or several, and nothing is edited in place."""

    def __init__(self, table: SessionTable) -> None:
        super().__init__()
        self.setObjectName("plainTable")  # before it is laid out, which asks the style sheet
        self.setAccessibleName(tr("Sessions"))
        self.setModel(table)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(Column.TITLE, QHeaderView.ResizeMode.Stretch)
        for place, width in WIDTHS.items():
            self.setColumnWidth(place, width)
