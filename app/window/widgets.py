"""Labels, buttons and cards with the name that the style sheet knows them by."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget


def label(style: str, text: str = "") -> QLabel:
    """Plain text, never taken for markup."""
    made = QLabel(text)
    made.setObjectName(style)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def card(inside: QWidget) -> QFrame:
    """A surface with `inside` on it."""
    made = QFrame()
    made.setObjectName("card")
    box = QVBoxLayout(made)
    box.setContentsMargins(2, 6, 2, 6)
    box.addWidget(inside)
    return made


def button(style: str, text: str, accessible_name: str = "") -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(style)
    made.setAccessibleName(accessible_name or text)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def button_for(action: QAction, style: str) -> QPushButton:
    """A button that does what the action does, follows its state and tells its shortcut."""
    made = button(style, action.text())
    made.setCheckable(action.isCheckable())
    made.clicked.connect(action.trigger)
    action.changed.connect(lambda: _follow(made, action))
    _follow(made, action)
    return made


def _follow(made: QPushButton, action: QAction) -> None:
    made.setText(action.text())
    made.setAccessibleName(action.toolTip())
    made.setToolTip(f"{action.toolTip()} ({action.shortcut().toString()})")
    made.setEnabled(action.isEnabled())
    made.setChecked(action.isChecked())
