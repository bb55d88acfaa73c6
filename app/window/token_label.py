"""A line under a field that says how much of what may be written is."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.translation import tr
from app.window.token_counting import TokenCounting, TokenCounts

NEAR = 0.9
"""Share of the limit from which the colour warns."""
SHOWN_FROM = 0.5
"""Share of the limit from which a field of one line is counted in sight; a context always is."""
STYLES = ("note", "fair", "poor")


class TokenLabel(QLabel):
    """ "412 of 512 tokens", and beyond that what happens to the rest."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name: of the text in `TokenCounts`."""
        super().__init__(parent)
        self._name = name
        self.setObjectName(STYLES[0])
        self.setWordWrap(True)
        self.setVisible(False)

    def show_counts(self, counts: TokenCounts) -> None:
        tokens = counts.tokens.get(self._name, 0)
        limit = counts.limit_of(self._name)
        share = tokens / limit
        self.setText(
            tr("{tokens:,} of {limit:,} tokens{value}").format(
                tokens=tokens, limit=limit, value=self._beyond(counts) if tokens > limit else ""
            )
        )
        self._dress(STYLES[(share > NEAR) + (share > 1)])
        self.setVisible(tokens > 0 if self._name == "context" else share >= SHOWN_FROM)

    def _beyond(self, counts: TokenCounts) -> str:
        if self._name != "context":
            return tr(": too long, it would be refused")
        cache = counts.cache
        beyond = tr(": only the first {sink} and the last {window} are read")
        return beyond.format(sink=cache.sink_tokens, window=cache.text_window_tokens)

    def _dress(self, style: str) -> None:
        if style != self.objectName():
            self.setObjectName(style)
            self.style().unpolish(self)
            self.style().polish(self)


def counted(field: QWidget, name: str, counting: TokenCounting) -> QVBoxLayout:
    """The field with its tokens below it."""
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(field)
    tokens = TokenLabel(name)
    counting.counted.connect(tokens.show_counts)
    column.addWidget(tokens)
    return column
