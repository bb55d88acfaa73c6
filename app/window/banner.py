"""One error at a time, in words, until it is dismissed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.translation import tr
from app.window.widgets import button, label
from core.messages import Message
from core.source_messages import SourceTrouble


class Banner(QFrame):
    """Hidden until there is an error to read; a newer error replaces an older one.

    Signals:
        action_wanted: what was offered.
    """

    action_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAccessibleName(tr("Error"))
        self._title = label("bannerTitle")
        self._message = label("bannerMessage")
        for words in (self._title, self._message):
            words.setWordWrap(True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._dismiss = button("flat", tr("Dismiss"), tr("Dismiss error"))
        self._dismiss.clicked.connect(self.hide)
        self._action = button("flat", "", tr("Act on error"))
        self._action.clicked.connect(self.hide)
        self._action.clicked.connect(self.action_wanted)
        self._lay_out()
        self.hide()

    def show_error(self, title: str, message: str, action: str = "") -> None:
        """`action`: what may be done about it."""
        self._title.setText(title)
        self._message.setText(message)
        self._message.setVisible(bool(message))
        self.setAccessibleDescription(f"{title}. {message}")
        self._action.setText(action)
        self._action.setAccessibleName(action)
        self._action.setVisible(bool(action))
        self.show()

    def follow(self, message: Message) -> None:
        """What was wrong with the source, and that it is back, needs no more reading once it is well."""
        if isinstance(message, SourceTrouble) and not message.trouble:
            self.hide()

    def text(self) -> str:
        """What is written on it now."""
        return f"{self._title.text()}\n{self._message.text()}".strip()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._message)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 10, 10)
        row.addLayout(words, 1)
        row.addWidget(self._action, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._dismiss, 0, Qt.AlignmentFlag.AlignTop)
