"""The first page: what was found on this machine, and which commentator suits it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.capture.source_kind import Check
from app.capture.spec import KINDS as SOURCES
from app.models.catalogue import KnownModel
from app.models.fit import Machine, look, suited, verdict
from app.outputs.kinds import KINDS as OUTPUTS
from app.texts import noop
from app.translation import tr
from app.window.own_window import OwnWindow
from app.window.reader import Reader
from app.window.widgets import button, card, label

SHOWN = (
    "Screen capture",
    "Window capture",
    "Cameras",
    "Sound",
    "Voice",
    "Spoken questions",
    "OBS",
)
"""What of the doctor's rows a person sees at first."""
ADVICE = noop(
    "This machine suits {name}: {about}. It {verdict}. The bundled model starts at once, and knows the demo match and "
    "little else."
)
BUNDLED_ADVICE = noop(
    "This machine suits the bundled model: it starts at once, and {verdict}. It knows the demo match and little else; "
    "for your own game or screen choose a full model."
)
MARKS = {"ok": "●", "limited": "◐", "missing": "○"}
Found = tuple[Machine, list[Check]]


class FirstPage(OwnWindow):
    """Opened once by itself, and from the menu again.

    Attributes:
        bundled, choose: the buttons. suggestion: the model that suits, None until this machine was looked at.

    Signals:
        bundled_wanted: start at once with the bundled model. choice_wanted: open the window of models,
            with the name of the one that suits.
    """

    bundled_wanted = Signal()
    choice_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("First page"))
        self.suggestion: KnownModel | None = None
        self.bundled = button("start", tr("Start with the bundled model"), tr("Start at once with the bundled model"))
        self.choose = button("pause", tr("Choose a model…"), tr("Open the window of models"))
        self._advice = label("note", tr("Looking at this machine…"))
        self._advice.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(2, 1)
        self._reader = Reader(_look, self)
        self._reader.read.connect(self._found)
        self.bundled.clicked.connect(self._start_bundled)
        self.choose.clicked.connect(self._choose)
        self._lay_out_parts()
        self.resize(720, 500)
        self._reader.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._reader.join()
        super().closeEvent(event)

    def texts(self) -> list[str]:
        """Everything that is written on it."""
        return [words.text() for words in self.findChildren(QLabel)]

    def _lay_out_parts(self) -> None:
        column = self.lay_out()
        column.addWidget(label("brand", tr("Welcome to Courtside")))
        column.addWidget(self._advice)
        inside = QWidget()
        inside.setLayout(self._grid)
        column.addWidget(card(inside), 1)
        row = QHBoxLayout()
        row.addWidget(self.bundled)
        row.addWidget(self.choose)
        row.addStretch(1)
        column.addLayout(row)

    def _found(self, found: Found) -> None:
        machine, checks = found
        self.suggestion = suited(machine)
        about = self.suggestion
        needs = verdict(about.parameters, machine)
        advice = tr(ADVICE) if about.name else tr(BUNDLED_ADVICE)
        self._advice.setText(advice.format(name=about.name, about=about.about, verdict=needs))
        gpu = f"{machine.gpu}, {machine.gpu_bytes / 1e9:.0f} GB" if machine.gpu else tr("no NVIDIA GPU")
        screens = [screen.geometry() for screen in QGuiApplication.screens()]
        sizes = ", ".join(f"{place.width()} x {place.height()}" for place in screens)
        own = [
            Check("GPU", "ok" if machine.gpu else "limited", gpu),
            Check(tr("Memory"), "ok", f"{machine.ram_bytes / 1e9:.0f} GB"),
            Check(tr("Screens"), "ok", f"{len(screens)}: {sizes}"),
        ]
        for row, check in enumerate([*own, *checks]):
            self._add_row(row, check)
        self._grid.setRowStretch(len(own) + len(checks), 1)

    def _add_row(self, row: int, check: Check) -> None:
        why = label("note", f"{check.why}\n→ {check.fix}" if check.fix else check.why)
        why.setWordWrap(True)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label("notice" if check.state == "ok" else "note", MARKS[check.state]), row, 0, top)
        self._grid.addWidget(label("heading", check.name), row, 1, top)
        self._grid.addWidget(why, row, 2)

    def _start_bundled(self) -> None:
        self.close()
        self.bundled_wanted.emit()

    def _choose(self) -> None:
        self.close()
        self.choice_wanted.emit(self.suggestion.name if self.suggestion is not None else "")


def _look() -> Found:
    """In the reader's thread."""
    sources = [check for kind in SOURCES for check in kind.checks()]
    outputs = [check for kind in OUTPUTS for check in kind.checks()]
    return look(), [check for check in (*sources, *outputs) if check.name in SHOWN]
