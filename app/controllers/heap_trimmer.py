"""The window's memory that nobody uses, given back while a stream goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from core.heaps import trim_heaps

TRIM_MS = 30_000
"""A trim takes a millisecond or two, and the pages that are used again as long: not to be noticed at this pace."""


class HeapTrimmer(QTimer):
    """Trims the heaps again and again: a stream may go on for hours, and grows a heap by gaps as well as many do."""

    def __init__(self, parent: QObject, every_ms: int = TRIM_MS) -> None:
        super().__init__(parent)
        self.timeout.connect(trim_heaps)
        self.start(every_ms)
