"""One recorded session: its time line, what was said, and what a round of it cost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QPixmap, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QInputDialog,
    QListView,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.library.session_view import Entry, SessionView, session_view
from app.session import notes
from app.session.records import Record, clock
from app.window.own_window import OwnWindow
from app.window.reader import Reader
from app.window.round_list import RoundList
from app.window.time_line import TimeLine
from app.window.widgets import button, card, label
from core.errors import CourtsideError
from core.messages import Line

PICTURE_WIDTH = 320
SHOWN = (
    ("compute_s", "time for the round", "{:.3f} s"),
    ("first_token_s", "first token after the last frame", "{:.3f} s"),
    ("vision_s", "of that for the picture", "{:.3f} s"),
    ("decode_s", "of that for the words", "{:.3f} s"),
    ("new_tokens", "tokens said", "{:,}"),
    ("kv_tokens", "tokens in the cache", "{:,}"),
    ("remembers_s", "words remembered back to", "{:.0f} s"),
    ("rss_bytes", "memory of the engine", "{:.2f} GB"),
)
"""Of the statistics of a round: the record's field, and how a person reads it."""


class PlayerWindow(OwnWindow):
    """Shows a session and lets marks, notes and corrections be added to it.

    Attributes:
        folder: where the session lies. entries: its transcript. line: the time line.
    """

    def __init__(self, folder: Path, at: float = 0.0) -> None:
        """Shows the session once it has been read. `at`: the source second to begin at."""
        super().__init__(f"{folder.name} · Courtside")
        self.resize(1000, 720)
        self.folder = folder
        self.entries = RoundList(self)
        self.time_line = TimeLine()
        self.view = QListView()
        self.details = label("note")
        self.summary = label("note", "Reading…")
        self.picture = label("picture")
        self.problem = label("notice")
        self._shown: SessionView | None = None
        self._begin_at = at
        self._reader = Reader(lambda: _view_or_error(folder), self)
        self._is_closed = False
        self.view.setObjectName("plainList")  # before it is laid out, which asks the style sheet
        self._lay_out()
        self._connect()
        self._reader.start()

    def reread(self) -> None:
        """Reads the session again: it may have grown, and may have been written about."""
        self._reader.start()

    def go_to(self, at: float) -> None:
        """Looks at that second of video time."""
        number = self.entries.nearest(at)
        if number is not None:
            self.view.setCurrentIndex(self.entries.index(number))
        self.time_line.go_to(at)
        self._show_picture(at)

    def go_to_source(self, at: float) -> None:
        """Looks at that source second; once it is read, where that is still to come."""
        self._begin_at = at
        if self._shown is not None:
            self.go_to(self._shown.clocks.video(at))

    def chosen(self) -> Entry | None:
        index = self.view.currentIndex()
        return self.entries.entry(index.row()) if index.isValid() else None

    def mark(self, text: str = "") -> None:
        """Marks the second looked at."""
        self._write(lambda: notes.mark(self.folder, self._source_second(), text))

    def note(self, text: str) -> None:
        """Writes something down about the second looked at."""
        self._write(lambda: notes.note(self.folder, text, self._source_second()))

    def correct(self, text: str) -> None:
        """What the chosen line should have said."""
        entry = self.chosen()
        line = None if entry is None else self._line(entry)
        if line is not None:
            self._write(lambda: notes.correct(self.folder, line, text))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._is_closed = True
        self._reader.join()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_picture(self.time_line.at)

    # Building

    def _lay_out(self) -> None:
        column = self.lay_out()
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        for text, purpose, do in (
            ("Mark", "Mark this moment (M)", self.mark),
            ("Note…", "Write a note about this moment (N)", self._ask_note),
            ("Correct…", "Correct the chosen line (C)", self._ask_correction),
            ("Copy", "Copy the chosen line", self._copy),
        ):
            made = button("plain", text)
            made.setToolTip(purpose)
            made.clicked.connect(lambda _=False, do=do: do())
            head.addWidget(made)
        column.addLayout(head)
        column.addWidget(card(self.time_line))
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        splitter.addWidget(card(self.view))
        splitter.addWidget(self._side())
        splitter.setSizes([640, 340])
        column.addWidget(splitter, 1)
        column.addWidget(self.problem)
        self.problem.setWordWrap(True)

    def _side(self) -> QWidget:
        side = QWidget()
        inside = QVBoxLayout(side)
        inside.setContentsMargins(12, 8, 12, 8)
        self.picture.setAccessibleName("Picture of this moment")
        inside.addWidget(self.picture)
        inside.addWidget(label("heading", "This round"))
        self.details.setWordWrap(True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside.addWidget(self.details)
        inside.addStretch(1)
        return card(side)

    def _connect(self) -> None:
        self.view.setAccessibleName("Transcript")
        self.view.setModel(self.entries)
        self.view.setUniformItemSizes(True)  # a session of many hours has ten thousand; the whole text is beside
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setSpacing(2)
        self._reader.read.connect(self._read)
        self.view.selectionModel().currentChanged.connect(lambda index, _: self._follow(index))
        self.view.clicked.connect(self._follow)
        self.time_line.moved.connect(self.go_to)
        keys = (("M", self.mark), ("N", self._ask_note), ("C", self._ask_correction), ("Ctrl+C", self._copy))
        for name, do in (*keys, ("F5", self.reread), ("Ctrl+W", self.close)):
            QShortcut(QKeySequence(name), self, do)

    # What happens

    def _read(self, found: SessionView | CourtsideError) -> None:
        """What the reader gave; the moment and the line looked at stay."""
        if self._is_closed:  # it was told of before, and comes only now
            return
        if isinstance(found, CourtsideError):
            self._tell_problem(str(found))
            return
        at = self.time_line.at if self._shown is not None else found.clocks.video(self._begin_at)
        chosen = self.chosen()
        self._show(found)
        self.go_to(at)
        number = None if chosen is None else self.entries.number_of(chosen)
        if number is not None:
            self.view.setCurrentIndex(self.entries.index(number))
            self.time_line.go_to(at)

    def _show(self, view: SessionView) -> None:
        self._shown = view
        self.setWindowTitle(f"{view.title} · Courtside")
        self.entries.show_entries(view.entries)
        self.time_line.show_view(view)
        self.summary.setText(view.summary)
        self._tell_problem("\n".join(view.damage[:3]))
        self.picture.setVisible(bool(view.pictures))

    def _tell_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _follow(self, index: QModelIndex) -> None:
        if index.isValid():
            entry = self.entries.entry(index.row())
            self.time_line.go_to(entry.at)
            self._show_picture(entry.at)
            self.details.setText(self._told(entry))

    def _told(self, entry: Entry) -> str:
        """What is known about an entry, one thing a line."""
        told = [f"{entry.kind} at {clock(entry.at)}", entry.text]
        if entry.said:
            told.append(f"the model said: {entry.said}")
        line = self._line(entry)
        if line is not None and self._shown is not None:
            told.append(f"age {line.shown_at - line.captured_at:.2f} s")
            told += _costs(self._shown.stats.get(line.round, {}))
        return "\n".join(told)

    def _show_picture(self, at: float) -> None:
        """The last picture at or before that second of video time, where there are pictures."""
        view = self._shown
        if view is None or not view.pictures:
            return
        before = [picture for picture in view.pictures if view.clocks.video(picture.at) <= at + 0.5]
        shown = QPixmap(str((before[-1] if before else view.pictures[0]).path))
        if not shown.isNull():
            self.picture.setPixmap(shown.scaledToWidth(PICTURE_WIDTH, Qt.TransformationMode.SmoothTransformation))

    def _line(self, entry: Entry) -> Line | None:
        return None if entry.round is None or self._shown is None else self._shown.lines.get(entry.round)

    def _source_second(self) -> float:
        return self.time_line.at if self._shown is None else self._shown.clocks.source(self.time_line.at)

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except CourtsideError as error:
            self._tell_problem(str(error))
            return
        self.reread()

    def _ask_note(self) -> None:
        text, sure = QInputDialog.getText(self, "Note", f"About {clock(self.time_line.at)}")
        if sure and text.strip():
            self.note(text.strip())

    def _ask_correction(self) -> None:
        entry = self.chosen()
        if entry is not None and entry.round is not None:
            text, sure = QInputDialog.getText(self, "Correct", "What it should have said", text=entry.text)
            if sure:
                self.correct(text.strip())

    def _copy(self) -> None:
        if (entry := self.chosen()) is not None:
            QApplication.clipboard().setText(f"{clock(entry.at)}  {entry.text}")


def _costs(stats: Record) -> list[str]:
    """The statistics of a round that are there, in words."""
    numbers = {field: value for field, value in stats.items() if isinstance(value, int | float)}
    gigabytes = {field: value / 1e9 for field, value in numbers.items() if field.endswith("_bytes")}
    values = {**numbers, **gigabytes}
    return [f"{name} {form.format(values[field])}" for field, name, form in SHOWN if field in values]


def _view_or_error(folder: Path) -> SessionView | CourtsideError:
    try:
        return session_view(folder)
    except CourtsideError as error:
        return error
