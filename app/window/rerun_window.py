"""Watching a session's footage again with another persona, model, mode or seed, beside what was said then."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QIntValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QProgressBar, QWidget

from app import quantities
from app.bridge.stream import Stream
from app.folders import CRASH_FILE, config_folder, sessions_folder
from app.library.rerun import Rerun, planned, recorder, stream
from app.outputs.fanout import Fanout
from app.personas.folders import persona_names
from app.session.events import read_session
from app.session.records import clock
from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox
from app.window.own_window import OwnWindow
from app.window.stream_session import StreamSession
from app.window.widgets import button, label
from core.config import MODES
from core.engine.child_host import ChildHost
from core.engine.supervised_host import SupervisedHost
from core.errors import CourtsideError
from core.messages import Failure, Finished, Line, Message, SessionFolder

AS_IT_WAS = noop("As it was")


class RerunWindow(OwnWindow):
    """Asks what is to be different, watches again at full pace, and tells when that is done.

    Attributes:
        persona, model, mode, seed, start, until: the fields. begin: watches, or stops watching. note: how it goes.

    Signals:
        done: the folder of the new session (a Path).
    """

    done = Signal(Path)
    _heard = Signal(object)

    def __init__(self, folder: Path, at: float = 0.0) -> None:
        """`at`: the source second that the stretch begins at."""
        super().__init__(tr("Again: {name}").format(name=folder.name))
        self._folder = folder
        self._session: StreamSession | None = None
        self._new: Path | None = None
        self._plan: Rerun | None = None
        self._failure = ""
        self.persona = ComboBox()
        self.model = QLineEdit()
        self.mode = ComboBox()
        self.seed = QLineEdit()
        self.start = QLineEdit(clock(at))
        self.until = QLineEdit()
        self.begin = button("start", tr("Watch again"))
        self.note = label("note")
        self.progress = QProgressBar()
        self._describe()
        self._lay_out()
        self._heard.connect(self._hear)
        self.begin.clicked.connect(self._toggle)

    @property
    def is_running(self) -> bool:
        return self._session is not None

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._session is not None:
            self._session.request_stop()
            self._session.join()
            self._session = None
        super().closeEvent(event)

    def _describe(self) -> None:
        self.persona.addItem(tr(AS_IT_WAS), None)
        self.persona.addItem(tr("No persona"), "")
        for name in persona_names():
            self.persona.addItem(name.replace("-", " ").capitalize(), name)
        self.mode.addItem(tr(AS_IT_WAS), None)
        for mode in MODES:
            self.mode.addItem(mode, mode)
        for field in (self.model, self.seed):
            field.setPlaceholderText(tr(AS_IT_WAS))
        self.seed.setValidator(QIntValidator(0, 2**31 - 1, self))
        self.until.setPlaceholderText(tr("to its end"))
        self.progress.setTextVisible(False)
        self.progress.hide()
        names = (tr("Persona"), tr("Model"), tr("Mode"), tr("Seed"), tr("From"), tr("To"))
        for widget, name in zip(self._fields(), names, strict=True):
            widget.setAccessibleName(name)

    def _fields(self) -> tuple[QWidget, ...]:
        return (self.persona, self.model, self.mode, self.seed, self.start, self.until)

    def _lay_out(self) -> None:
        column = self.lay_out()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate(self._fields()):
            grid.addWidget(label("heading", field.accessibleName()), row, 0)
            grid.addWidget(field, row, 1)
        column.addLayout(grid)
        column.addWidget(self.progress)
        self.note.setWordWrap(True)
        column.addWidget(self.note)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.begin)
        column.addStretch(1)
        column.addLayout(buttons)
        self.resize(460, 360)

    # What happens

    def _toggle(self) -> None:
        if self._session is not None:
            self._session.request_stop()
            return
        try:
            plan = self._planned()
        except (CourtsideError, argparse.ArgumentTypeError) as error:
            self.note.setText(str(error))
            return
        self._plan = plan
        self._failure = ""
        self._new = None
        self.note.setText(tr("Loading the model…"))
        self.begin.setText(tr("Stop"))
        self.progress.setRange(0, max(1, round(plan.until - plan.start)))
        self.progress.setValue(0)
        self.progress.show()
        self._session = StreamSession(partial(self._built, plan), self._heard.emit)
        self._session.start()

    def _planned(self) -> Rerun:
        """Raises CourtsideError, argparse.ArgumentTypeError."""
        seed = self.seed.text().strip()
        changes: dict[str, Any] = {
            "model": self.model.text().strip() or None,
            "mode": self.mode.currentData(),
            "seed": int(seed) if seed else None,
        }
        start = quantities.moment(self.start.text().strip() or "0")
        until = quantities.moment(self.until.text().strip()) if self.until.text().strip() else None
        return planned(read_session(self._folder), changes, start, until, self.persona.currentData())

    def _built(self, plan: Rerun) -> Stream:
        """In the starting thread."""
        outputs = Fanout([_Hearing(self._heard.emit)])
        host = SupervisedHost(plan.config, partial(ChildHost, crash_file=config_folder() / CRASH_FILE))
        made = stream(plan, host, outputs.handle)
        outputs.add(recorder(plan, sessions_folder(), outputs.handle))
        return made

    def _hear(self, message: Message) -> None:
        match message:
            case SessionFolder(path=path):
                self._new = Path(path)
            case Line(end=end) if self._plan is not None:
                self.note.setText(tr("{clock} of {clock_}").format(clock=clock(end), clock_=clock(self._plan.until)))
                self.progress.setValue(round(end - self._plan.start))
            case Failure() if message.fatal or not self._failure:
                self._failure = f"{message.title}. {message.message}"
            case Finished():
                self._end()

    def _end(self) -> None:
        session = self._session
        if session is None:  # the window has been closed
            return
        session.join()
        self._session = None
        self.begin.setText(tr("Watch again"))
        self.progress.hide()
        self.note.setText(self._failure or tr("Done."))
        if self._new is not None and not self._failure:
            self.done.emit(self._new)


class _Hearing:
    """An output that hands every message on."""

    name = "The window"

    def __init__(self, hear: Any) -> None:
        self.handle = hear

    def close(self) -> None:
        """Nothing to close."""
