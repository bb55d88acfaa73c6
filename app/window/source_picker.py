"""What to watch: the usual sources to choose from, and a field that takes any SOURCE."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from app.window.combo_box import ComboBox

CHOOSE_FILE = "choose a file"
SOMETHING_ELSE = "something else"
VIDEOS = "Videos (*.mp4 *.mkv *.mov *.webm *.avi *.ts *.m4v);;All files (*)"


class SourcePicker(QWidget):
    """Two ways to say the same: a list of kinds and the SOURCE they stand for.

    Signals:
        submitted: Enter was pressed in the field.
    """

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = ComboBox()
        self.kind.setAccessibleName("Kind of source")
        self.field = QLineEdit()
        self.field.setAccessibleName("Source")
        self.field.setPlaceholderText("screen:1, camera, a file, rtsp://…")
        self.field.setToolTip(
            "arena[:SEED], screen[:N], window:TITLE, region:X,Y,W,H, camera[:N], a video file, or an rtsp/http/udp URL"
        )
        self._fill()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.kind)
        row.addWidget(self.field, 1)
        self.setFocusProxy(self.field)
        self.kind.activated.connect(self._chosen)
        self.field.textEdited.connect(self._match_kind)
        self.field.returnPressed.connect(self.submitted)

    def spec(self) -> str:
        """The SOURCE as written."""
        return self.field.text().strip()

    def set_spec(self, spec: str) -> None:
        self.field.setText(spec)
        self._match_kind()

    def _fill(self) -> None:
        self.kind.addItem("Arena demo", "arena")
        for number in range(1, len(QGuiApplication.screens()) + 1):
            self.kind.addItem(f"Screen {number}", f"screen:{number}")
        self.kind.addItem("Camera", "camera")
        self.kind.addItem("Video file…", CHOOSE_FILE)
        self.kind.addItem("Other…", SOMETHING_ELSE)

    def _chosen(self, index: int) -> None:
        wanted = self.kind.itemData(index)
        if wanted == CHOOSE_FILE:
            self._choose_file()
        elif wanted == SOMETHING_ELSE:
            self.field.setFocus()
            self.field.selectAll()
        else:
            self.field.setText(wanted)

    def _match_kind(self) -> None:
        spec = self.spec()
        index = self.kind.findData({"screen": "screen:1", "camera:0": "camera"}.get(spec, spec.split(":")[0]))
        exact = self.kind.findData(spec)
        self.kind.setCurrentIndex(max(exact, index) if max(exact, index) >= 0 else self._index_for_other(spec))

    def _index_for_other(self, spec: str) -> int:
        is_file = spec and "://" not in spec and ("/" in spec or "." in spec) and ":" not in spec[2:]
        return self.kind.findData(CHOOSE_FILE if is_file else SOMETHING_ELSE)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Choose a video", "", VIDEOS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.set_spec)
        dialog.rejected.connect(self._match_kind)
        dialog.open()
