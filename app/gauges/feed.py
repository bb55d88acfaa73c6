"""Keeps the gauges of the stream under way up to date."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.mailbox import FrameCounts
from app.gauges.gpu_meter import GpuMeter
from app.gauges.meters import Meters
from app.gauges.strip import GaugeStrip
from core.messages import Message, Ready, Stats

EVERY_MS = 1000


class GaugeFeed(QObject):
    """Feeds one stream's messages to its meters, and once a second reads what no message carries.

    Signals:
        changed: the Meters of the stream; None once it has ended.
    """

    changed = Signal(object)

    def __init__(self, strip: GaugeStrip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strip = strip
        self._frame_counts: Callable[[], FrameCounts] = FrameCounts
        self._captured = 0
        self._rated_in = 0
        self._read_at = time.monotonic()
        self._gpu: GpuMeter | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._read)

    def start(self, frame_counts: Callable[[], FrameCounts]) -> None:
        """A new stream, and what counts its pictures."""
        self._strip.show_meters(Meters())
        self._frame_counts = frame_counts
        self._captured = 0
        self._rated_in = 0
        self._read_at = time.monotonic()
        self._timer.start()

    def handle(self, message: Message) -> None:
        """One message of the stream, in the GUI thread."""
        self._strip.meters.feed(message)
        match message:
            case Ready(device_uuid=uuid) if uuid and self._gpu is None:
                self._gpu = GpuMeter(uuid)
                self._gpu.start()
            case Stats():
                self._show()

    def stop(self) -> None:
        """The stream has ended: the last figures stay."""
        self._read()
        self._timer.stop()
        self.changed.emit(None)
        if self._gpu is not None:
            self._gpu.stop()
            self._gpu = None

    def _read(self) -> None:
        import psutil  # not before the window is up

        meters = self._strip.meters
        counts = self._frame_counts()
        now = time.monotonic()
        elapsed_s = now - self._read_at
        if elapsed_s > EVERY_MS / 2000:  # of less no rate could be told, as at the end
            meters.captured_per_s = max(0, counts.captured - self._captured) / elapsed_s
            meters.frames_per_s = max(0, counts.offered - self._rated_in) / elapsed_s
            self._captured = counts.captured
            self._rated_in = counts.offered
            self._read_at = now
        meters.frames_in = counts.offered
        meters.frames_skipped = counts.skipped
        meters.frames_missed = counts.missed
        meters.window_bytes = psutil.Process().memory_info().rss
        if self._gpu is not None:
            meters.gpu = self._gpu.latest
        meters.remember_second()
        self._show()

    def _show(self) -> None:
        self._strip.refresh()
        self.changed.emit(self._strip.meters)
