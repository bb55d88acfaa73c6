"""What the commentator should know beforehand, folded away until it is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.window.words import button

QUESTION = "What should the commentator know?"
HEIGHT = 84


class ContextField(QWidget):
    """A heading that unfolds a text field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fold = button("fold", "", QUESTION)
        self.fold.setCheckable(True)
        self.field = QPlainTextEdit()
        self.field.setAccessibleName(QUESTION)
        self.field.setPlaceholderText("Who plays, in which colours; names; what it is about; the tone you want")
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.field)
        self.fold.toggled.connect(self._show_field)
        self._show_field(False)

    def text(self) -> str:
        return self.field.toPlainText().strip()

    def set_text(self, text: str) -> None:
        self.field.setPlainText(text)

    def is_open(self) -> bool:
        return self.fold.isChecked()

    def set_open(self, unfolded: bool) -> None:
        self.fold.setChecked(unfolded)

    def _show_field(self, unfolded: bool) -> None:
        self.fold.setText(f"{'▾' if unfolded else '▸'}  {QUESTION}")
        self.field.setVisible(unfolded)
