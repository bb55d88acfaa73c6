"""The application, or its preview of a captured screen, watched from within its event loop.

python3 -m app.bench.event_loop_monitor window 20        python3 -m app.bench.event_loop_monitor capture 10
Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import theme
from app.capture.screen import ScreenSource
from app.capture.source import CaptureOptions
from app.window.preview import Preview
from core.types import Frame

TICK_MS = 5
CAPTURE_FPS = 10.0
SETTLES_MS = 1000


def main() -> None:
    what = sys.argv[1]
    seconds = float(sys.argv[2])
    application = QApplication(["courtside"])
    application.setQuitOnLastWindowClosed(False)
    theme.apply(application)
    measured = {"window": monitor_window, "capture": monitor_capture}[what](application, seconds)
    sys.stdout.write(json.dumps(measured) + "\n")


class EventLoopMonitor:
    """A timer in the event loop that notes when it fires, while the window is in sight.

    Attributes:
        ticks: (seconds since the last tick beyond TICK_MS, whether the model was loading) of each tick.
        paints: monotonic seconds at which the overlay was first seen to have painted once more.
    """

    def __init__(self, courtside: Any) -> None:
        self.ticks: list[tuple[float, bool]] = []
        self.paints: list[float] = []
        self._courtside = courtside
        self._last: float | None = None
        self._painted = 0
        self._timer = QTimer()
        self._timer.setTimerType(self._timer.timerType().PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        from app.window.phase import Phase

        now = time.monotonic()
        courtside = self._courtside
        handle = courtside.window.windowHandle()
        shown = handle is not None and handle.isExposed()
        if shown and self._last is not None:
            late = max(0.0, now - self._last - TICK_MS / 1000)
            self.ticks.append((late, courtside.window.phase is Phase.LOADING))
        self._last = now if shown else None
        if courtside.overlay.frames != self._painted:
            self._painted = courtside.overlay.frames
            self.paints.append(now)


def monitor_window(application: QApplication, seconds: float) -> dict[str, Any]:
    """The whole application for `seconds`: the demo match starts by itself."""
    from app.main import Courtside
    from app.settings_file import SettingsFile

    courtside = Courtside(SettingsFile())
    courtside.ended.connect(application.quit)
    monitor = EventLoopMonitor(courtside)
    courtside.open()
    QTimer.singleShot(round(1000 * seconds), courtside.window.close)
    application.exec()
    return {"ticks": monitor.ticks, "paints": monitor.paints}


def monitor_capture(application: QApplication, seconds: float) -> dict[str, Any]:
    """The whole screen at CAPTURE_FPS into a preview: CPU seconds, and pictures shown."""
    preview = Preview()
    latest = LatestFrame()
    preview.resize(960, 540)
    preview.show()
    preview.watch(latest.get)
    spent = [0.0, 0.0]

    def begin() -> None:
        preview.painted = 0
        spent[:] = time.process_time(), time.monotonic()
        QTimer.singleShot(round(1000 * seconds), end)

    def end() -> None:
        spent[:] = time.process_time() - spent[0], time.monotonic() - spent[1]
        latest.stop()
        application.quit()

    QTimer.singleShot(SETTLES_MS, begin)
    latest.start()
    application.exec()
    return {"cpu_s": spent[0], "wall_s": spent[1], "shown": preview.painted}


class LatestFrame:
    """The newest frame of the screen, grabbed in a thread of its own."""

    def __init__(self) -> None:
        self._source = ScreenSource(CaptureOptions(fps=CAPTURE_FPS, preview_fps=CAPTURE_FPS))
        self._frame: Frame | None = None
        self._thread = threading.Thread(target=self._grab, name="grabber")

    def get(self) -> Frame | None:
        return self._frame

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._source.interrupt()
        self._thread.join()

    def _grab(self) -> None:
        self._source.open()
        try:
            while (frame := self._source.read()) is not None:
                if isinstance(frame, Frame):
                    self._frame = frame
        finally:
            self._source.close()


if __name__ == "__main__":
    main()
