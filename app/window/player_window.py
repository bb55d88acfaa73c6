"""One recorded session: its time line, what was said, and what a round of it cost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QInputDialog,
    QListView,
    QSplitter,
    QWidget,
)

from app.library.session_view import Entry, SessionView, session_view
from app.session import notes
from app.session.records import clock
from app.translation import tr
from app.window.ask_panel import AskPanel
from app.window.film_view import FilmView
from app.window.own_window import OwnWindow
from app.window.playback import Playback
from app.window.player_bar import PlayerBar
from app.window.reader import Reader
from app.window.round_list import RoundList
from app.window.round_panel import RoundPanel
from app.window.time_line import TimeLine
from app.window.widgets import button, card, label
from core.errors import CourtsideError
from core.messages import Line

SIDE_WIDTH = 380


class PlayerWindow(OwnWindow):
    """Shows a session and lets marks, notes and corrections be added to it.

    Attributes:
        folder: where the session lies. entries: its transcript. time_line, film, round: its moments, as a line, in
            pictures, in figures. playback: moves on by itself. bar: its buttons. ask: questions about it.

    Signals:
        rerun_wanted: it is to be watched again from that source second on (a float).
    """

    rerun_wanted = Signal(float)

    def __init__(self, folder: Path, at: float = 0.0) -> None:
        """Shows the session once it has been read. `at`: the source second to begin at."""
        super().__init__(folder.name)
        self.resize(1180, 860)
        self.folder = folder
        self.entries = RoundList(self)
        self.time_line = TimeLine()
        self.view = QListView()
        self.film = FilmView()
        self.round = RoundPanel()
        self.playback = Playback(self)
        self.bar = PlayerBar(self.playback)
        self.ask = AskPanel(folder)
        self.summary = label("note", tr("Reading…"))
        self.problem = label("notice")
        self._shown: SessionView | None = None
        self._begin_at = at
        self._reader = Reader(lambda: _view_or_error(folder), self)
        self._is_closed = False
        self._is_going = False
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
            self._is_going = True  # so that the pictures do not go to the entry's beginning first
            self.view.setCurrentIndex(self.entries.index(number))
            self._is_going = False
        self._show_moment(at)

    def step(self, rounds: int) -> None:
        """Looks at the round that is so many on, or back; one of silence, too."""
        view = self._shown
        at = None if view is None else view.next_round(self.time_line.at, rounds)
        if view is None or at is None:
            return
        self.playback.stop()
        self.go_to(at)
        number = view.round_at(at)
        if number is not None and not view.lines[number].text.strip():
            self.round.show_silence(view, number)

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
        self.playback.stop()
        self.film.close_film()
        self.round.close_reader()
        self.ask.close_reader()
        self._reader.join()
        super().closeEvent(event)

    # Building

    def _lay_out(self) -> None:
        column = self.lay_out()
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        for text, purpose, do in (
            (tr("Mark"), tr("Mark this moment (M)"), self.mark),
            (tr("Note…"), tr("Write a note about this moment (N)"), self._ask_note),
            (tr("Correct…"), tr("Correct the chosen line (C)"), self._ask_correction),
            (tr("Copy"), tr("Copy the chosen line"), self._copy),
            ("Again…", tr("Watch the footage again with another persona, model, mode or seed"), self._ask_again),
        ):
            made = button("plain", text)
            made.setToolTip(purpose)
            made.clicked.connect(lambda _=False, do=do: do())
            head.addWidget(made)
        column.addLayout(head)
        column.addWidget(card(self.time_line))
        column.addWidget(self.bar)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        splitter.addWidget(self._transcript())
        splitter.addWidget(self._side())
        splitter.setSizes([620, SIDE_WIDTH])
        column.addWidget(splitter, 1)
        column.addWidget(self.problem)
        self.problem.setWordWrap(True)

    def _transcript(self) -> QWidget:
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.setHandleWidth(12)
        both.addWidget(card(self.view))
        both.addWidget(card(self.ask))
        both.setStretchFactor(0, 1)
        return both

    def _side(self) -> QWidget:
        side = QSplitter(Qt.Orientation.Vertical)
        side.setChildrenCollapsible(False)
        side.setHandleWidth(12)
        side.addWidget(self.film)
        side.addWidget(card(self.round))
        side.setSizes([260, 320])
        return side

    def _connect(self) -> None:
        self.view.setAccessibleName(tr("Transcript"))
        self.view.setModel(self.entries)
        self.view.setUniformItemSizes(True)  # a session of many hours has ten thousand; the whole text is beside
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setSpacing(2)
        self._reader.read.connect(self._read)
        self.view.selectionModel().currentChanged.connect(lambda index, _: self._follow(index))
        self.view.clicked.connect(self._follow)
        self.time_line.moved.connect(self.go_to)
        self.playback.moved.connect(self.go_to)
        self.bar.stepped.connect(self.step)
        self.ask.chosen.connect(self.go_to_source)
        self.film.failed.connect(self._tell_problem)
        notes_keys = (("M", self.mark), ("N", self._ask_note), ("C", self._ask_correction), ("Ctrl+C", self._copy))
        steps = ((",", lambda: self.step(-1)), (".", lambda: self.step(1)), ("Space", self.playback.toggle))
        speeds = (("[", lambda: self.bar.change_speed(-1)), ("]", lambda: self.bar.change_speed(1)))
        for name, do in (*notes_keys, *steps, *speeds, ("F5", self.reread), ("Ctrl+W", self.close)):
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
            self._show_moment(at)

    def _show(self, view: SessionView) -> None:
        self._shown = view
        self.set_title(view.title)
        self.entries.show_entries(view.entries)
        self.time_line.show_view(view)
        self.summary.setText(view.summary)
        self.playback.set_end(view.span[1])
        self._tell_problem("\n".join(view.damage[:3]))
        self.film.show_session(view.film, view.pictures, view.jumps)
        self.ask.offer_model(view.model)

    def _tell_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _follow(self, index: QModelIndex) -> None:
        if index.isValid() and self._shown is not None:
            entry = self.entries.entry(index.row())
            if not self._is_going:
                self._show_moment(entry.at)
            self.round.show_entry(self._shown, entry)

    def _show_moment(self, at: float) -> None:
        """On the time line and in pictures."""
        self.time_line.go_to(at)
        self.playback.set_at(at)
        if self._shown is not None:
            self.bar.show_moment(at, self._shown.round_at(at))
            self.film.show_moment(self._shown.clocks.source(at))

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
        text, sure = QInputDialog.getText(self, tr("Note"), tr("About {clock}").format(clock=clock(self.time_line.at)))
        if sure and text.strip():
            self.note(text.strip())

    def _ask_correction(self) -> None:
        entry = self.chosen()
        if entry is not None and entry.round is not None:
            text, sure = QInputDialog.getText(self, tr("Correct"), tr("What it should have said"), text=entry.text)
            if sure:
                self.correct(text.strip())

    def _ask_again(self) -> None:
        self.rerun_wanted.emit(self._source_second())

    def _copy(self) -> None:
        if (entry := self.chosen()) is not None:
            QApplication.clipboard().setText(f"{clock(entry.at)}  {entry.text}")


def _view_or_error(folder: Path) -> SessionView | CourtsideError:
    try:
        return session_view(folder)
    except CourtsideError as error:
        return error
