"""What to watch: the usual sources to choose from, and a field that takes any SOURCE."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QRegularExpressionValidator
from PySide6.QtWidgets import QCompleter, QFileDialog, QHBoxLayout, QLineEdit, QListView, QWidget

from app.capture.file import path_of
from app.capture.source_kind import PickerEntry
from app.capture.spec import KINDS, USAGE
from app.quantities import moment
from app.session.records import clock
from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox

MOMENT = r"(\d{1,3}:)?(\d{1,3}:)?\d{1,6}(\.\d{1,3})?"
OTHER = PickerEntry(noop("Other…"), "", "type")
VIDEOS = noop("Videos (*.mp4 *.mkv *.mov *.webm *.avi *.ts *.m4v);;All files (*)")


class SourcePicker(QWidget):
    """Two ways to say the same: a list of kinds and the SOURCE they stand for; of a film also where it begins.

    Attributes:
        kind, field: the list and the SOURCE. start: shown for a film alone. parts: all three, in their order.

    Signals:
        submitted: Enter was pressed in the field.
    """

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = ComboBox()
        self.kind.setAccessibleName(tr("Kind of source"))
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Source"))
        self.field.setPlaceholderText(tr("screen:1, camera, a file, rtsp://…"))
        self.field.setToolTip(USAGE)
        self.start = QLineEdit()
        self.start.setAccessibleName(tr("Begin the film at"))
        self.start.setPlaceholderText(tr("from 0:00"))
        self.start.setToolTip(tr("Where the film begins: seconds, or H:MM:SS"))
        self.start.setValidator(QRegularExpressionValidator(MOMENT, self.start))
        self.start.setFixedWidth(96)
        self.parts: tuple[QWidget, ...] = (self.kind, self.field, self.start)
        self._fill()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.kind)
        row.addWidget(self.field, 1)
        row.addWidget(self.start)
        self.kind.activated.connect(self._chosen)
        self.field.textEdited.connect(self._match_kind)
        self.field.textChanged.connect(self._field_changed)
        self.field.returnPressed.connect(self.submitted)
        self.start.returnPressed.connect(self.submitted)
        self._field_changed()

    def spec(self) -> str:
        """The SOURCE as written."""
        return self.field.text().strip()

    def start_s(self) -> float:
        """The second at which the film is to begin; 0 for what is no film."""
        text = self.start.text()
        return moment(text) if text and self.start.hasAcceptableInput() and not self.start.isHidden() else 0.0

    def set_start(self, seconds: float) -> None:
        """Of the film in the field."""
        self.start.setText(clock(seconds) if seconds else "")

    def set_spec(self, spec: str) -> None:
        self.field.setText(spec)
        self._match_kind()

    def choose(self, spec: str) -> None:
        """As if it had been typed, with the cursor behind it."""
        self.set_spec(spec)
        self.field.setFocus()

    def _fill(self) -> None:
        screens = len(QGuiApplication.screens())
        for entry in (entry for kind in KINDS for entry in kind.entries(screens)):
            self.kind.addItem(tr(entry.label), entry)
        self.kind.addItem(tr(OTHER.label), OTHER)

    def _chosen(self, index: int) -> None:
        entry: PickerEntry = self.kind.itemData(index)
        self.field.setCompleter(None)  # type: ignore[arg-type] # which Qt takes as none
        match entry.then:
            case "browse":
                self._choose_file()
            case "type":
                self._type_rest(entry)
            case _:
                self.field.setText(entry.spec)

    def _type_rest(self, entry: PickerEntry) -> None:
        """The cursor behind what is there already, and what can come next to choose from."""
        if entry.spec and not self.spec().startswith(entry.spec):
            self.field.setText(entry.spec)
        self.field.setFocus()
        if not entry.spec:
            self.field.selectAll()
            return
        if endings := entry.endings():
            completer = QCompleter([entry.spec + ending for ending in endings], self.field)
            popup = QListView()
            popup.setObjectName("choices")
            completer.setPopup(popup)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self.field.setCompleter(completer)
            completer.complete()

    def _match_kind(self) -> None:
        spec = self.spec()
        entries: list[PickerEntry] = [self.kind.itemData(index) for index in range(self.kind.count())]
        word = spec.partition(":")[0]
        for candidates in ((spec,), (f"{spec}:1",), (word, f"{word}:")):
            found = [index for index, entry in enumerate(entries) if entry.spec and entry.spec in candidates]
            if found:
                self.kind.setCurrentIndex(found[0])
                return
        is_file = spec and "://" not in spec and ("/" in spec or "." in spec) and ":" not in spec[2:]
        then = "browse" if is_file else "type"
        self.kind.setCurrentIndex(max(index for index, entry in enumerate(entries) if entry.then == then))

    def _field_changed(self) -> None:
        """Another film begins at its own start."""
        self.start.clear()
        self.start.setVisible(os.path.isfile(path_of(self.spec())))

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, tr("Choose a video"), "", tr(VIDEOS))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.set_spec)
        dialog.rejected.connect(self._match_kind)
        dialog.open()
