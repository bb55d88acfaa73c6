"""Every setting with what it means, to be found by words and changed at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.setting_list import Setting, setting_list
from app.settings import Settings
from app.translation import tr
from app.window.own_window import OwnWindow
from app.window.setting_row import SettingRow
from app.window.widgets import button, label
from core.errors import UsageError

FIRST_SIZE = (780, 700)


class SettingsWindow(OwnWindow):
    """Made of the list of settings: what is declared is here.

    Attributes:
        search: the words. rows: by path. open_file: the button that opens the file.

    Signals:
        changed: the Settings as they are to be. file_wanted: the file is to be written, and opened.
    """

    changed = Signal(object)
    file_wanted = Signal()

    def __init__(self, settings: Callable[[], Settings], file: Path) -> None:
        """`settings` gives those of now; `file` is where they are kept."""
        super().__init__(tr("Settings"))
        self.search = QLineEdit()
        self.rows: dict[tuple[str, ...], SettingRow] = {}
        self.open_file = button("plain", tr("Open file"), tr("Open the file of settings"))
        self._settings = settings
        self._headings: dict[str, QLabel] = {}
        self._nothing = label("note", tr("No setting has these words"))
        self._file = file
        self._lay_out()
        self._connect()
        self.refresh()
        self.resize(*FIRST_SIZE)

    def refresh(self) -> None:
        """Shows every value as it is now; a text that is being written stays."""
        settings = self._settings()
        for row in self.rows.values():
            if not row.field.hasFocus() or not isinstance(row.field, QLineEdit):
                row.show_value(row.setting.value(settings))

    def show_matching(self, text: str) -> None:
        """Shows the rows that have all of these words, and the headings of those."""
        words = text.casefold().split()
        shown = {path for path, row in self.rows.items() if row.matches(words)}
        groups = {self.rows[path].setting.group for path in shown}
        for path, row in self.rows.items():
            row.setVisible(path in shown)
        for group, heading in self._headings.items():
            heading.setVisible(group in groups)
        self._nothing.setVisible(not shown)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.refresh()  # another window may have changed some

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is still being written counts."""
        if (field := self.focusWidget()) is not None:
            field.clearFocus()
        super().closeEvent(event)

    # Building

    def _lay_out(self) -> None:
        column = self.lay_out()
        self.search.setPlaceholderText(tr("Search: words of a setting (Ctrl+F)"))
        self.search.setAccessibleName(tr("Search the settings"))
        self.search.setClearButtonEnabled(True)
        column.addWidget(self.search)
        inside = QWidget()
        inside.setObjectName("sheet")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 6, 0)
        rows.setSpacing(2)
        by_group: dict[str, list[Setting]] = {}
        for setting in setting_list():
            by_group.setdefault(setting.group, []).append(setting)
        for group, settings in by_group.items():
            self._headings[group] = label("settingGroup", tr(group))
            rows.addWidget(self._headings[group])
            for setting in settings:
                self.rows[setting.path] = SettingRow(setting)
                rows.addWidget(self.rows[setting.path])
        rows.addWidget(self._nothing)
        rows.addStretch(1)
        self._nothing.hide()
        column.addWidget(_scrolled(inside), 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        where = label("note", _short(self._file))
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        where.setWordWrap(True)
        foot = QHBoxLayout()
        foot.addWidget(where, 1)
        foot.addWidget(self.open_file)
        return foot

    def _connect(self) -> None:
        self.search.textChanged.connect(self.show_matching)
        self.search.returnPressed.connect(self._enter_first)
        self.open_file.clicked.connect(self._open_file)
        for row in self.rows.values():
            row.chosen.connect(self._change)
        for keys, do in (("Ctrl+F", self._search), ("Ctrl+W", self.close), ("Esc", self._escape)):
            QShortcut(QKeySequence(keys), self, do)

    # What happens

    def _change(self, setting: Setting, value: Any) -> None:
        row = self.rows[setting.path]
        try:
            settings = setting.changed(self._settings(), value)
        except UsageError as error:
            row.tell_problem(error.message)
            return
        self.changed.emit(settings)
        row.show_value(setting.value(self._settings()))
        self.refresh()

    def _enter_first(self) -> None:
        first = next((row for row in self.rows.values() if row.isVisible()), None)
        if first is not None:
            first.field.setFocus(Qt.FocusReason.TabFocusReason)

    def _search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _escape(self) -> None:
        """Ends a search first, then the window."""
        if self.search.text():
            self.search.clear()
            self.search.setFocus()
        else:
            self.close()

    def _open_file(self) -> None:
        self.file_wanted.emit()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file))):
            QApplication.clipboard().setText(str(self._file))
            self.open_file.setText(tr("Path copied"))


def _short(file: Path) -> str:
    """As a person writes it."""
    home = Path.home()
    return f"~/{file.relative_to(home)}" if file.is_relative_to(home) else str(file)


def _scrolled(inside: QWidget) -> QFrame:
    """A card that scrolls."""
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made = QFrame()
    made.setObjectName("card")
    box = QVBoxLayout(made)
    box.setContentsMargins(4, 8, 4, 8)
    box.addWidget(area)
    return made
