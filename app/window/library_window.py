"""All sessions: a table, a search, filters, and what can be done with one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QListView,
    QMessageBox,
    QPushButton,
    QSplitter,
)

from app.library.importing import import_sessions
from app.library.library import Library
from app.library.prune import to_trash, under_way
from app.library.query import as_typed
from app.library.scan import Row
from app.session import notes
from app.translation import tr
from app.window.hit_list import HitDelegate, HitList
from app.window.library_filters import LibraryFilters
from app.window.library_reader import LibraryReader
from app.window.own_window import OwnWindow
from app.window.session_table import SessionTable
from app.window.session_table_view import SessionTableView
from app.window.widgets import button, card, label
from core.errors import CourtsideError, UsageError

MAX_HITS = 200


class LibraryWindow(OwnWindow):
    """Lists, finds and changes sessions; opens none itself.

    Signals:
        session_chosen: the folder of a session to open, and the source second to begin at (a float, 0.0 as a rule).
        comparison_chosen: the folders of two sessions to be shown side by side, the older one first.
        move_wanted: a folder that the whole library is to be moved to.
    """

    session_chosen = Signal(Path, float)
    comparison_chosen = Signal(Path, Path)
    move_wanted = Signal(Path)

    def __init__(self, root: Path) -> None:
        super().__init__(tr("Library"))
        self.resize(1080, 680)
        self.table = SessionTable(self)
        self.hits = HitList(self)
        self.filters = LibraryFilters()
        self.table_view = SessionTableView(self.table)
        self.hit_view = QListView()
        self.note = label("note")
        self.problem = label("notice")
        self._hits_card = card(self.hit_view)
        self._library = Library(root)
        self._reader = LibraryReader(root, self)
        self._is_closed = False
        self.hit_view.setObjectName("plainList")  # before they are laid out, which asks the style sheet
        self._lay_out()
        self._dress()
        self._connect()
        self.refresh()
        self._reader.start()

    def refresh(self) -> None:
        """Shows what the index holds now; the session chosen stays chosen."""
        chosen = self.chosen()
        try:
            self.table.show_rows(self._library.sessions(self.filters.filter()))
        except CourtsideError as error:
            self.note.setText(str(error))
        number = None if chosen is None else self.table.number_of(chosen.folder)
        if number is not None:
            self.table_view.selectRow(number)
        self._find()
        self._follow_choice()

    def reread(self) -> None:
        """Looks at the disk again."""
        self._reader.start()

    def selected(self) -> list[Row]:
        """The sessions that are selected in the table, from the top."""
        model = self.table_view.selectionModel()
        return (
            [self.table.row(number) for number in sorted(index.row() for index in model.selectedRows())]
            if model
            else []
        )

    def chosen(self) -> Row | None:
        """The session that is selected, where it is just one."""
        rows = self.selected()
        return rows[0] if len(rows) == 1 else None

    def closeEvent(self, event: QCloseEvent) -> None:
        self._is_closed = True
        self._reader.join()
        self._library.close()
        super().closeEvent(event)

    # Building

    def _lay_out(self) -> None:
        column = self.lay_out()
        column.addWidget(self.filters)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        splitter.addWidget(card(self.table_view))
        splitter.addWidget(self._hits_card)
        splitter.setSizes([360, 260])
        column.addWidget(splitter, 1)
        column.addLayout(self._buttons())
        column.addWidget(self.problem)
        self.problem.setWordWrap(True)
        self.problem.hide()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._for_one: list[QPushButton] = []
        for_one: tuple[tuple[str, Callable[[], None]], ...] = (
            (tr("Open"), self._open),
            (tr("Show folder"), self._show_folder),
            (tr("Rename…"), self._rename),
            (tr("Tags…"), self._tag),
            (tr("Move to trash"), self._trash),
        )
        for text, do in for_one:
            self._for_one.append(button("plain", text))
            self._for_one[-1].clicked.connect(do)
        self.compare = button("plain", tr("Compare two"))
        self.compare.clicked.connect(self._compare)
        fetch = button("plain", tr("Import…"))
        fetch.clicked.connect(self._import)
        move = button("plain", tr("Move library…"))
        move.clicked.connect(self._move)
        for made in (*self._for_one, self.compare, fetch, move):
            row.addWidget(made)
        row.addStretch(1)
        row.addWidget(self.note)
        return row

    def _dress(self) -> None:
        self.hit_view.setAccessibleName(tr("What was found"))
        self.hit_view.setModel(self.hits)
        self.hit_view.setItemDelegate(HitDelegate(self.hit_view))
        self.hit_view.setUniformItemSizes(True)
        self._hits_card.hide()

    def _connect(self) -> None:
        self.filters.typed.connect(self._find)
        self.filters.chosen.connect(self.refresh)
        self.table_view.doubleClicked.connect(lambda _: self._open())
        self.table_view.activated.connect(lambda _: self._open())
        self.table_view.selectionModel().selectionChanged.connect(lambda *_: self._follow_choice())
        self.hit_view.activated.connect(self._open_hit)
        self.hit_view.clicked.connect(self._choose_session_of)
        self._reader.read.connect(self._read)
        shortcuts = (("Ctrl+F", self.filters.search.setFocus), ("F5", self.reread), ("Ctrl+W", self.close))
        for keys, do in shortcuts:
            QShortcut(QKeySequence(keys), self, do)

    # What happens

    def _read(self, told: list[str]) -> None:
        """The index is up to date: the filters offer what there is."""
        if self._is_closed:  # it was told of before, and comes only now
            return
        self.note.setText(" ".join(told))
        self.filters.offer(self._library.sessions())
        self.refresh()

    def _find(self) -> None:
        """What is typed; the last word may go on."""
        text = self.filters.words()
        try:
            found = self._library.search(as_typed(text), self.filters.filter(), MAX_HITS) if text else []
        except UsageError:
            found = []
        self.hits.show_hits(found)
        self._hits_card.setVisible(bool(text))
        if text:
            more = tr(" or more") if len(found) == MAX_HITS else ""
            self.note.setText(
                tr("{len}{more} found").format(len=len(found), more=more) if found else tr("Nothing found")
            )

    def _choose_session_of(self, index: QModelIndex) -> None:
        number = self.table.number_of(self.hits.hit(index.row()).folder)
        if number is not None:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table_view.selectionModel().select(self.table.index(number, 0), flags)
            self.table_view.scrollTo(self.table.index(number, 0))

    def _open_hit(self, index: QModelIndex) -> None:
        hit = self.hits.hit(index.row())
        self.session_chosen.emit(self._library.root / hit.folder, hit.at or 0.0)

    def _follow_choice(self) -> None:
        for made in self._for_one:
            made.setEnabled(self.chosen() is not None)
        self.compare.setEnabled(len(self.selected()) == 2)

    def _folder(self) -> Path | None:
        row = self.chosen()
        return None if row is None else self._library.root / row.folder

    def _open(self) -> None:
        if (folder := self._folder()) is not None:
            self.session_chosen.emit(folder, 0.0)

    def _compare(self) -> None:
        """The older one first: what came later is compared with it."""
        later, earlier = self.selected()
        self.comparison_chosen.emit(self._library.root / earlier.folder, self._library.root / later.folder)

    def _import(self) -> None:
        if source := QFileDialog.getExistingDirectory(self, tr("A session, or a folder of sessions")):
            self.import_from(Path(source))

    def _move(self) -> None:
        target = QFileDialog.getExistingDirectory(self, tr("Where all sessions are to be"))
        question = tr("Move all sessions to {target}? They are recorded there from then on.").format(target=target)
        if target and QMessageBox.question(self, tr("Courtside"), question) == QMessageBox.StandardButton.Yes:
            self.move_wanted.emit(Path(target))

    def _show_folder(self) -> None:
        if (folder := self._folder()) is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _rename(self) -> None:
        if (row := self.chosen()) is not None:
            title, sure = QInputDialog.getText(self, tr("Rename"), tr("Name of the session"), text=row.title)
            if sure and title.strip():
                self.rename(title.strip())

    def _tag(self) -> None:
        if (row := self.chosen()) is not None:
            before = ", ".join(row.tags.split("\n"))
            text, sure = QInputDialog.getText(self, tr("Tags"), tr("Tags, with commas between"), text=before)
            if sure:
                self.tag([part.strip() for part in text.split(",") if part.strip()])

    def _trash(self) -> None:
        if (row := self.chosen()) is not None:
            question = f"Move “{row.title}” to the trash?"
            if QMessageBox.question(self, tr("Courtside"), question) == QMessageBox.StandardButton.Yes:
                self.trash()

    # What the dialogs do, without asking

    def import_from(self, source: Path) -> None:
        """Copies the sessions there into the library, in a thread."""
        self.note.setText(tr("Importing…"))
        self._reader.start_after(lambda: import_sessions(source, self._library.root))

    def rename(self, title: str) -> None:
        """The chosen session is called `title` from now on."""
        self._change(lambda folder: notes.rename(folder, title))

    def tag(self, tags: list[str]) -> None:
        """The chosen session has these tags from now on."""
        self._change(lambda folder: notes.tag(folder, tags))

    def trash(self) -> None:
        """The chosen session goes into the trash, unless it is being written."""
        folder = self._folder()
        if folder is not None and folder.resolve() in under_way():
            self.note.setText(tr("This session is being recorded: stop it first."))
        else:
            self._change(to_trash)

    def _change(self, change: Callable[[Path], None]) -> None:
        if (folder := self._folder()) is None:
            return
        try:
            change(folder)
        except CourtsideError as error:
            self.note.setText(str(error))
            return
        self._reader.start()
