"""An episode in a plain window of another process, in real time: what a viewer would put on a screen."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import time
from contextlib import closing
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from core.errors import SourceError
from core.programmes.catalogue import find
from core.programmes.programme import Episode

if TYPE_CHECKING:
    from app.capture.source import Rectangle

PLAY_FPS = 30
SETTLE_MS = 300
"""How long the window stands still at match second 0, for a window manager that moves or fades it in."""
APPEARS_WITHIN_S = 30.0
ENDS_WITHIN_S = 3.0


class ProgrammeWindow:
    """An episode on the screen while the `with` block runs.

    Attributes:
        zero: `time.monotonic()` at which match second 0 was shown and the match began to run; the clock is the same
            in every process of a machine.
        area: where the picture lies without the window's frame, global pixels.
    """

    def __init__(self, programme: str, seed: int, area: Rectangle, *, scoreboard: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self.zero = 0.0
        self.area = area
        self._pipe, self._child_end = context.Pipe()
        self._process = context.Process(
            target=_perform,
            args=(self._child_end, programme, seed, area, scoreboard),
            name="courtside-programme",
            daemon=True,
        )

    def __enter__(self) -> Self:
        """Returns when the match has begun. Raises SourceError when no window appears."""
        self._process.start()
        self._child_end.close()
        try:
            if not self._pipe.poll(APPEARS_WITHIN_S):
                raise SourceError("The match cannot be shown", f"no window within {APPEARS_WITHIN_S:.0f} s")
            self.zero, self.area = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.__exit__()
            raise SourceError("The match cannot be shown", "its window closed at once; see courtside doctor") from error
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """The window closes because the pipe does."""
        self._pipe.close()
        self._process.join(ENDS_WITHIN_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def check(self) -> None:
        """Raises SourceError when somebody has closed the window."""
        if not self._process.is_alive():
            raise SourceError("The match was closed", "leave its window alone until the command ends")


def window_title(programme: str, seed: int) -> str:
    """What the window of an episode is called."""
    return f"{programme} {seed}"


def _perform(pipe: Connection, programme: str, seed: int, area: Rectangle, scoreboard: bool) -> None:
    """The child's life: play until the pipe or the window closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    os.environ["QT_ENABLE_HIGHDPI_SCALING"] = "0"  # the area counts the screen's pixels
    application = QApplication(["courtside-programme"])
    with closing(find(programme).start(seed, scoreboard)) as episode:
        window = _Player(pipe, episode, area, window_title(programme, seed))
        window.show()
        application.exec()


class _Player(QWidget):
    """Draws each picture ahead of time and shows it when it is due."""

    def __init__(self, pipe: Connection, episode: Episode, area: Rectangle, title: str) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setGeometry(*area)
        self._pipe = pipe
        self._episode = episode
        self._zero: float | None = None
        self._settling = False
        self._time = 0.0  # match seconds of the picture at hand
        self._picture = self._drawn(0.0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._due)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._picture)
        if not self._settling:
            self._settling = True
            self._timer.start(SETTLE_MS)

    def _due(self) -> None:
        """Show the picture that is due, then draw the next one."""
        if self._pipe.poll():  # nothing is ever sent: the other end has closed
            self.close()
            return
        self.repaint()
        if self._zero is None:
            self._begin()
        else:
            self._draw_next(self._zero)

    def _begin(self) -> None:
        self._zero = time.monotonic()
        corner = self.mapToGlobal(self.rect().topLeft())
        with contextlib.suppress(OSError):
            self._pipe.send((self._zero, (corner.x(), corner.y(), self.width(), self.height())))
        self._draw_next(self._zero)

    def _draw_next(self, zero: float) -> None:
        """Pictures that cannot be drawn in time are left out."""
        coming = max(time.monotonic() - zero, self._time) * PLAY_FPS
        self._time = (math.floor(coming + 0.5) + 1) / PLAY_FPS
        self._picture = self._drawn(self._time)
        self._timer.start(max(0, round((zero + self._time - time.monotonic()) * 1000)))

    def _drawn(self, time_s: float) -> QImage:
        pixels = self._episode.frame(time_s)
        height, width = pixels.shape[:2]
        return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
