"""Who speaks: a list of personas, and their files to be edited."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.personas.folders import find_persona, own_copy, persona_names
from app.personas.persona import Persona
from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox
from app.window.widgets import button
from core.errors import CourtsideError

NOBODY = noop("No persona")


class PersonaPicker(QWidget):
    """A list and a button; choosing an entry again reads its file again.

    Attributes:
        persona: the one chosen, None for none. names, edit: the list and the button.

    Signals:
        chosen: somebody has chosen, and `persona` is as they want. failed: a CourtsideError about a file.
    """

    chosen = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.persona: Persona | None = None
        self.names = ComboBox()
        self.names.setAccessibleName(tr("Persona"))
        self.names.setToolTip(tr("Who speaks: style, words, request and limits. Choose it again after editing"))
        self.edit = button("flat", tr("Edit"), tr("Edit the persona's file"))
        self.edit.setToolTip(tr("Open the persona's file; one that came with Courtside is copied to your own first"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.names, 1)
        row.addWidget(self.edit)
        self.fill()
        self.names.activated.connect(self._activated)
        self.edit.clicked.connect(self._edit)

    def fill(self) -> None:
        """The names that there are now; the choice stays."""
        chosen = self.name()
        self.names.clear()
        self.names.addItem(tr(NOBODY), "")
        for name in persona_names():
            self.names.addItem(name.replace("-", " ").capitalize(), name)
        self.names.setCurrentIndex(max(0, self.names.findData(chosen)))

    def name(self) -> str:
        """The chosen one's, "" for none."""
        return self.names.currentData() or ""

    def set_name(self, name: str) -> None:
        """Chooses without telling. Raises UsageError for a name that there is not, or a file without sense."""
        persona = find_persona(name) if name else None
        if self.names.findData(name) < 0:
            self.fill()
        self.names.setCurrentIndex(self.names.findData(name))
        self._take(persona)

    def choose(self, name: str) -> None:
        """Chooses as a person does. Raises like `set_name`."""
        self.set_name(name)
        self.chosen.emit()

    def _activated(self) -> None:
        before = self.persona.name if self.persona is not None else ""
        try:
            self.choose(self.name())
        except CourtsideError as error:
            self.names.setCurrentIndex(max(0, self.names.findData(before)))
            self.failed.emit(error)

    def _take(self, persona: Persona | None) -> None:
        self.persona = persona
        self.edit.setEnabled(persona is not None)

    def _edit(self) -> None:
        try:
            path = own_copy(self.name())
        except CourtsideError as error:
            self.failed.emit(error)
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.failed.emit(CourtsideError("No program opens it", f"edit {path} with a text editor"))
