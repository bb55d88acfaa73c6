"""The field for the memory limit."""

from __future__ import annotations

from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit

from app.translation import tr

LIMIT = "≤ {} MB"


class MemoryField(QLineEdit):
    """Megabytes; empty for no limit."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Memory limit in MB"))
        self.setPlaceholderText(tr("Memory limit, MB"))
        self.setToolTip(tr("Most megabytes for weights and cache; what is given up for it is told above"))
        self.setValidator(QRegularExpressionValidator(r"(≤ )?\d{0,7}( MB)?", self))

    def megabytes(self) -> int | None:
        return int(self.text().strip("≤ MB") or 0) or None

    def show_megabytes(self, megabytes: int | None) -> None:
        self.setText(LIMIT.format(megabytes) if megabytes else "")
