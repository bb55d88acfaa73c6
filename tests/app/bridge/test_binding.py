"""The application outlives the binding's fault with None and True."""

from __future__ import annotations

import subprocess
import sys

MANY_CALLS = """
from app.bridge.binding import keep_constants_alive
keep_constants_alive()
from PySide6.QtCore import QTimer
timer = QTimer()
for _ in range(200_000):
    timer.parent(), timer.timeout.emit()
"""


def test_many_thousand_calls_do_not_end_the_interpreter() -> None:
    subprocess.run([sys.executable, "-c", MANY_CALLS], check=True)
