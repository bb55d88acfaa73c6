"""A question about a recorded session, and the answer: sentences that lead to the lines they rest on."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.folders import CRASH_FILE, config_folder
from app.library.ask.answer import Answer
from app.library.ask.asking import asked, summary
from app.library.ask.writer import ModelWriter, Writer, is_bundled
from app.library.cues import Stretch
from app.session.events import Session, read_session
from app.session.records import clock
from app.translation import tr
from app.window.combo_box import ComboBox
from app.window.reader import Reader
from app.window.widgets import button, label
from core.engine.child_host import ChildHost
from core.engine.supervised_host import SupervisedHost
from core.errors import CourtsideError

PLACE = Qt.ItemDataRole.UserRole
SHOWN_ROWS = 8


class AskPanel(QWidget):
    """Asks in a thread of its own; the lines themselves answer, or the session's model where it can.

    Attributes:
        question: the field. writer: who answers. answer: the sentences. note: what else there is to know.

    Signals:
        chosen: the source second of a line that a sentence rests on (a float).
    """

    chosen = Signal(float)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._asked = ""
        self._model = ""
        self._is_closed = False
        self.question = QLineEdit()
        self.writer = ComboBox()
        self.answer = QListWidget()
        self.note = label("note")
        self._reader = Reader(self._answered, self)
        self._reader.read.connect(self._show)
        self.answer.setObjectName("plainList")  # before it is laid out, which asks the style sheet
        self._lay_out()

    def offer_model(self, model: str) -> None:
        """The session's model may write the answer, where it is not the bundled one."""
        if not is_bundled(model) and self.writer.findData(model) < 0:
            self.writer.addItem(tr("by {name}").format(name=Path(model).name), model)
            self.writer.show()

    def ask(self, question: str) -> None:
        """A question, "" for a summary; the answer comes soon."""
        self._asked = question
        self._model = self.writer.currentData() or ""
        self.note.setText(tr("Reading the lines…"))
        self._reader.start()

    def close_reader(self) -> None:
        """Waits for the answer under way; no other comes."""
        self._is_closed = True
        self._reader.join()

    def _lay_out(self) -> None:
        self.question.setPlaceholderText(tr("Ask about this session: what happened between 14:00 and 14:20?"))
        self.question.setAccessibleName(tr("Question about this session"))
        self.question.returnPressed.connect(self._ask)
        self.writer.setAccessibleName(tr("Who answers"))
        self.writer.addItem(tr("by its lines"), "")
        self.writer.hide()
        ask = button("plain", tr("Ask"))
        ask.clicked.connect(self._ask)
        sum_up = button("plain", tr("Sum up"), tr("Sum the session up"))
        sum_up.clicked.connect(lambda: self.ask(""))
        row = QHBoxLayout()
        row.addWidget(self.question, 1)
        for made in (self.writer, ask, sum_up):
            row.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 4)
        column.addLayout(row)
        column.addWidget(self.answer, 1)
        column.addWidget(self.note)
        self.note.setWordWrap(True)
        self.note.hide()
        self.answer.setAccessibleName(tr("Answer"))
        self.answer.setWordWrap(True)
        self.answer.itemClicked.connect(self._follow)
        self.answer.itemActivated.connect(self._follow)
        self.answer.hide()

    def _ask(self) -> None:
        if text := self.question.text().strip():
            self.ask(text)

    def _answered(self) -> Answer | CourtsideError:
        """In the thread."""
        try:
            session = read_session(self._folder)
            if not self._model:
                return _told(session, self._asked, None)
            host = partial(ChildHost, crash_file=config_folder() / CRASH_FILE)
            writer = ModelWriter(self._model, lambda config: SupervisedHost(config, host))
            with closing(writer):
                return _told(session, self._asked, writer)
        except CourtsideError as error:
            return error

    def _show(self, found: Answer | CourtsideError) -> None:
        if self._is_closed:  # it was asked for before, and comes only now
            return
        self.answer.clear()
        remarks = [str(found)] if isinstance(found, CourtsideError) else list(found.remarks())
        for sentence in () if isinstance(found, CourtsideError) else found.sentences:
            times = ", ".join(clock(cue.start) for cue in sentence.lines)
            item = QListWidgetItem(f"{times}  {sentence.text}")
            item.setData(PLACE, sentence.lines[0].line.start)
            item.setToolTip("\n".join(f"{clock(cue.start)}  {cue.flat}" for cue in sentence.lines))
            self.answer.addItem(item)
        self.answer.setVisible(bool(self.answer.count()))
        self.answer.setMinimumHeight(min(self.answer.count(), SHOWN_ROWS) * self.answer.sizeHintForRow(0) + 4)
        self.note.setText("\n".join(remarks))
        self.note.setVisible(bool(remarks))

    def _follow(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(PLACE))


def _told(session: Session, question: str, writer: Writer | None) -> Answer:
    whole = Stretch()
    return asked(session, whole, question, writer) if question else summary(session, whole, writer)
