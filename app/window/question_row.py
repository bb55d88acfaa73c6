"""The field for a question, with a button beside it that listens while it is held."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton

from app.translation import tr
from app.window.token_counting import TokenCounting
from app.window.token_label import counted
from app.window.widgets import button

MAX_CHARACTERS = 500


def hold_button() -> QPushButton:
    """Held by the mouse, or by the space bar."""
    return button("flat", tr("Hold to ask"), tr("Ask aloud while this is held; it is shown before it is sent"))


def question_row(question: QLineEdit, hold_to_ask: QPushButton, tokens: TokenCounting) -> QHBoxLayout:
    """Both, with the question's tokens below it."""
    question.setAccessibleName(tr("Ask about what is on screen"))
    question.setPlaceholderText(tr("Ask about what is on screen"))
    question.setMaxLength(MAX_CHARACTERS)
    row = QHBoxLayout()
    row.addLayout(counted(question, "question", tokens), 1)
    row.addWidget(hold_to_ask)
    return row
