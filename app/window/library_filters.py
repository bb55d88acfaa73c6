"""What is looked for in the library: words, a period, a source, a model."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.library.query import Filter
from app.library.scan import Row
from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox

TYPING_MS = 60
PERIODS = (
    (noop("Any time"), None),
    (noop("Today"), 0),
    (noop("Last 7 days"), 7),
    (noop("Last 30 days"), 30),
    (noop("Last year"), 365),
)
ANY_SOURCE = noop("All sources")
ANY_MODEL = noop("All models")


class LibraryFilters(QWidget):
    """One row of fields.

    Attributes:
        search: the words. period, source, model: which sessions.

    Signals:
        typed: the words have changed, and nothing more was typed for a moment.
        chosen: another period, source or model.
    """

    typed = Signal()
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.period = ComboBox()
        self.source = ComboBox()
        self.model = ComboBox()
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.search, 1)
        for box, name in ((self.period, tr("Period")), (self.source, tr("Source")), (self.model, tr("Model"))):
            box.setAccessibleName(name)
            box.setMinimumContentsLength(12)
            row.addWidget(box)
        for text, days in PERIODS:
            self.period.addItem(tr(text), days)
        self.offer([])
        self._dress()

    def offer(self, rows: list[Row]) -> None:
        """The sources and models of these sessions can be chosen; what was chosen stays so where it is still there."""
        _fill(self.source, tr(ANY_SOURCE), [row.source for row in rows])
        _fill(self.model, tr(ANY_MODEL), [row.model for row in rows])

    def words(self) -> str:
        return self.search.text().strip()

    def filter(self) -> Filter:
        days = self.period.currentData()
        since = None
        if days is not None:
            today = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
            since = (today - timedelta(days=days)).timestamp()
        source = self.source.currentText() if self.source.currentIndex() > 0 else ""
        model = self.model.currentText() if self.model.currentIndex() > 0 else ""
        return Filter(since=since, source=source, model=model)

    def _dress(self) -> None:
        self.search.setPlaceholderText(tr('Search: words, a "phrase", the start of a word'))
        self.search.setAccessibleName(tr("Search in all sessions"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self._typing.timeout.connect(self.typed)
        for box in (self.period, self.source, self.model):
            box.currentIndexChanged.connect(lambda _: self.chosen.emit())


def _fill(box: ComboBox, first: str, values: list[str]) -> None:
    before = box.currentText()
    box.blockSignals(True)
    box.clear()
    box.addItems([first, *sorted({value for value in values if value})])
    box.setCurrentText(before if box.findText(before) >= 0 else first)
    box.blockSignals(False)
