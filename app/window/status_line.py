"""The state of the stream in a word or two, with a dot that says the same in colour."""

from __future__ import annotations

import time
from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app import theme
from app.colours import Role
from app.translation import tr
from app.window.phase import Phase
from app.window.widgets import label
from core.messages import Degraded, Loading, Message
from core.output_messages import Unspoken
from core.source_messages import PrivateWindow, SourceTrouble

NEWS_MS = 8000
"""How long good news stays."""
SECOND_MS = 1000


class Dot(QWidget):
    """A filled circle; a ring while something is under way, two bars in a pause."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase = Phase.IDLE
        self._lost = False
        self.setFixedSize(10, 10)

    def set_phase(self, phase: Phase, *, lost: bool = False) -> None:
        """lost: the source is away."""
        self._phase = phase
        self._lost = lost
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(0, 0, 8, 8)
        circle.moveCenter(QRectF(self.rect()).center())
        if self._lost or self._phase in (Phase.LOADING, Phase.STOPPING):
            painter.setPen(theme.colour(Role.ALARM if self._lost else Role.ACCENT))
            painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
        elif self._phase is Phase.PAUSED:
            for left in (circle.left(), circle.right() - 3):
                painter.fillRect(QRectF(left, circle.top(), 3, circle.height()), theme.colour(Role.ACCENT))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(Role.ACCENT if self._phase is Phase.LIVE else Role.HANDLE))
            painter.drawEllipse(circle)
        painter.end()


class StatusLine(QWidget):
    """Says the phase, and one remark beside it (what is watched, which model, a warning about the settings).

    A notice (what the memory limit costs) stands in the remark's place as long as it holds.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = Dot()
        self._phase = label("phase")
        self._now = Phase.IDLE
        self._lost_at: float | None = None  # monotonic seconds at which the source was lost, while it is
        self._trouble = ""
        self._second = QTimer(self, interval=SECOND_MS)
        self._second.timeout.connect(self._show_phase)
        self._remarked = ""
        self._warnings: list[str] = []
        self._remark = label("note")
        self._remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._notice = label("notice")
        self._notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._notice.hide()
        self._news = QTimer(self, interval=NEWS_MS, singleShot=True)
        self._news.timeout.connect(lambda: self.set_notice(""))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._phase)
        row.addWidget(self._remark, 1)
        row.addWidget(self._notice, 1)
        self.setAccessibleName(tr("Status"))
        self.set_phase(Phase.IDLE)

    def set_phase(self, phase: Phase) -> None:
        self._now = phase
        if not phase.pausable:
            self._trouble = ""
            self._lost_at = None
            self._second.stop()
        self._show_phase()

    def set_loading(self, loading: Loading) -> None:
        """How far a download is, in GB, instead of the phase."""
        if loading.stage == "downloading":
            done = loading.done_bytes / 1e9
            total = loading.total_bytes / 1e9
            self._phase.setText(tr("Downloading {done:.1f} of {total:.1f} GB").format(done=done, total=total))
        else:
            self._phase.setText(tr(Phase.LOADING.value))
        self._describe()

    def follow(self, message: Message) -> None:
        """What of a stream's messages is a notice."""
        match message:
            case Degraded(what=what, recovered=recovered):
                self.set_notice(
                    tr("Memory limit: using {what}{value}").format(what=what, value=tr(" again") if recovered else ""),
                    passing=recovered,
                )
            case PrivateWindow(visible=visible):
                self.set_notice(tr("Paused: private window") if visible else "")
            case Unspoken(cause=cause, total=total):  # what the voice leaves out
                self.set_notice(
                    tr("Not spoken ({cause}): {total} so far").format(cause=cause, total=total), passing=True
                )
            case SourceTrouble(trouble=trouble):
                self._set_trouble(trouble)

    def set_remark(self, remark: str) -> None:
        """Beside the phase; warnings stay behind it."""
        self._remarked = remark
        warnings = "; ".join(self._warnings)
        shown = " · ".join(part for part in (remark, warnings) if part)
        self._remark.setText(shown)
        self._remark.setToolTip(shown)
        self._describe()

    def add_warnings(self, lines: Iterable[str]) -> None:
        """What stays in sight until `clear_warnings`, such as what is wrong with the settings; empty lines are none."""
        self._warnings += filter(None, lines)
        self.set_remark(self._remarked)

    def clear_warnings(self) -> None:
        self._warnings = []
        self.set_remark(self._remarked)

    def set_notice(self, notice: str, *, passing: bool = False) -> None:
        """What holds until another notice comes, or for a while only (`passing`); "" gives the remark its place."""
        self._news.stop()
        self._notice.setText(notice)
        self._notice.setToolTip(notice)
        self._notice.setVisible(bool(notice))
        self._remark.setVisible(not notice)
        if passing:
            self._news.start()
        self._describe()

    def text(self) -> str:
        """What can be read."""
        beside = self._notice.text() or self._remark.text()
        return f"{self._phase.text()} {beside}".strip()

    def _set_trouble(self, trouble: str) -> None:
        """What holds until the source is well again."""
        before = self._trouble
        self._trouble = trouble
        self._lost_at = time.monotonic() if trouble == "lost" else None
        if trouble == "lost":
            self._second.start()
        else:
            self._second.stop()
        if trouble == "still":
            self.set_notice(tr("The picture stands still"))
        elif before == "still":
            self.set_notice(tr("The picture moves again"), passing=True)
        elif before == "lost":
            self.set_notice(tr("The source is back"), passing=True)
        self._show_phase()

    def _show_phase(self) -> None:
        lost = self._lost_at is not None and self._now is Phase.LIVE
        self._dot.set_phase(self._now, lost=lost)
        away_s = time.monotonic() - (self._lost_at or 0.0)
        self._phase.setText(
            tr("Source lost, trying again ({away_s:.0f} s)").format(away_s=away_s) if lost else tr(self._now.value)
        )
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleDescription(self.text())
