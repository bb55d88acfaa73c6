"""The programs of a performed desktop session: real windows of one Qt process, told what to do over a pipe.

A terminal runs real jobs with make, and how they end is what make says; a copy copies real files; errors are message
boxes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from PySide6.QtCore import QDir, QProcess, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication,
    QCalendarWidget,
    QFileSystemModel,
    QListWidget,
    QMessageBox,
    QPlainTextEdit,
    QProgressDialog,
    QTextBrowser,
    QTreeView,
    QWidget,
)

from app.capture.desktop_widgets import Player, Plot
from core.programmes.desktop.act import Act, Verb
from core.programmes.desktop.state import Screen
from core.programmes.desktop.theme import Theme, theme_of

POLL_MS = 15
FILE_BYTES = 64 * 1024
STEPS_A_S = 8  # of a copy
MAKEFILE = """\
.SILENT:
Makefile: ;
%: ; python3 -u step.py "$@"
"""
STEP = """\
import random, select, sys
words = ["main", "parse", "load", "store", "index", "query", "render", "client"]
for number in range(1000):
    print(random.choice(["compiling", "linking", "checking"]), random.choice(words))
    if select.select([sys.stdin], [], [], 0.6)[0]:
        break
if sys.stdin.readline().strip() == "failed":
    sys.exit(f"error in {random.choice(words)}")
"""
Reply = tuple[Verb, str, float]


def perform(pipe: Connection, seed: int) -> None:
    """Runs in a process of its own until the pipe closes. Each act is answered with its verb, who, and its moment."""
    application = QApplication(["courtside-desktop"])
    with tempfile.TemporaryDirectory(prefix="courtside-desktop-") as folder:
        programs = Programs(pipe, seed, Path(folder))
        timer = QTimer()
        timer.timeout.connect(programs.poll)
        timer.start(POLL_MS)
        application.setQuitOnLastWindowClosed(False)
        application.exec()
        programs.end()


class Programs:
    """The windows there are.

    Attributes:
        folder: where jobs run and files are copied.
    """

    def __init__(self, pipe: Connection, seed: int, folder: Path) -> None:
        self.folder = folder
        self._pipe = pipe
        self._rng = Random(f"programs {seed}")
        self._theme = theme_of(seed)
        self._screen = Screen(Random(f"screen {seed}"), "below")
        self._widgets: dict[str, QWidget] = {}
        self._dialogs: dict[tuple[str, str], QWidget] = {}
        self._copies: dict[str, QTimer] = {}
        self._job: QProcess | None = None
        self._began = time.monotonic()
        (folder / "Makefile").write_text(MAKEFILE, "utf-8")
        (folder / "step.py").write_text(STEP, "utf-8")
        for name in ("notes", "source", "pictures"):
            (folder / name).mkdir()
            (folder / name / "content.bin").write_bytes(os.urandom(FILE_BYTES))

    def poll(self) -> None:
        """Do what has been asked for; the other end's going ends this process."""
        try:
            while self._pipe.poll():
                self._do(*self._pipe.recv())
        except (EOFError, OSError):
            QApplication.quit()

    def end(self) -> None:
        """No process or timer outlives the windows."""
        for timer in self._copies.values():
            timer.stop()
        if self._job is not None:
            self._job.finished.disconnect()
            self._job.kill()
            self._job.waitForFinished()

    def _do(self, what: str, act: Act, side: str) -> None:
        if what == "expect":
            self._screen.expect(act)
            return
        if what == "begin":
            self._began = time.monotonic() - act.time
            self._screen.side = side
            return
        doing: dict[str, Callable[[Act], None]] = {
            "open": self._open,
            "close": self._close,
            "start": self._start_job,
            "passed": self._end_job,
            "failed": self._end_job,
            "crossing": self._screen.apply,
            "error": self._show_error,
            "dismiss": self._dismiss,
            "copy": self._copy,
            "copied": self._end_copy,
        }
        doing[act.verb](act)
        if act.verb not in ("passed", "failed"):  # make tells how a job ended
            self._tell(act.verb, act.who)

    def _tell(self, verb: Verb, who: str) -> None:
        QApplication.processEvents()
        self._pipe.send((verb, who, time.monotonic()))

    def _open(self, act: Act) -> None:
        self._screen.apply(act)
        window = self._screen.window(act.who)
        assert window is not None
        widget = self._made(act.who, window.seed)
        widget.setWindowTitle(act.who.title())
        widget.setStyleSheet(_style(self._theme))
        widget.setGeometry(*window.box)
        widget.show()
        self._widgets[act.who] = widget

    def _made(self, program: str, seed: int) -> QWidget:
        if program == "plot":
            return Plot(self._screen, seed, self._theme, lambda: time.monotonic() - self._began)
        if program == "player":
            return Player(seed, self._theme)
        if program == "calendar":
            return QCalendarWidget()
        if program == "file manager":
            return self._file_manager()
        if program == "mail":
            mail = QListWidget()
            mail.addItems([f"{self._rng.choice(NAMES)}: {self._rng.choice(SUBJECTS)}" for _ in range(12)])
            return mail
        if program == "browser":
            browser = QTextBrowser()
            browser.setHtml("<h2>Handbook</h2>" + f"<p>{' '.join(self._rng.choices(SUBJECTS, k=40))}</p>" * 3)
            return browser
        text = QPlainTextEdit()
        text.setFont(QFont("monospace", 8))
        text.setPlainText("$ " if program == "terminal" else STEP)
        return text

    def _file_manager(self) -> QWidget:
        model = QFileSystemModel()
        model.setFilter(QDir.Filter.AllEntries | QDir.Filter.NoDotAndDotDot)
        tree = QTreeView()
        model.setParent(tree)
        tree.setModel(model)
        tree.setRootIndex(model.setRootPath(str(self.folder)))
        return tree

    def _close(self, act: Act) -> None:
        self._screen.apply(act)
        widget = self._widgets.pop(act.who)
        widget.close()
        widget.deleteLater()

    def _start_job(self, act: Act) -> None:
        terminal = self._widgets["terminal"]
        assert isinstance(terminal, QPlainTextEdit)
        terminal.appendPlainText(f"$ make '{act.who}'")
        job = QProcess(terminal)
        job.setWorkingDirectory(str(self.folder))
        job.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        job.readyRead.connect(lambda: terminal.appendPlainText(bytes(job.readAll().data()).decode().rstrip()))
        job.finished.connect(lambda code: self._job_ended(terminal, act.who, code))
        job.start("make", [act.who])
        self._job = job

    def _end_job(self, act: Act) -> None:
        assert self._job is not None
        self._job.write(f"{act.verb}\n".encode())

    def _job_ended(self, terminal: QPlainTextEdit, name: str, code: int) -> None:
        outcome: Verb = "passed" if code == 0 else "failed"
        colour = "#1ea046" if code == 0 else "#cd282d"
        banner = f"{name} {outcome}".upper()
        terminal.appendHtml(f'<b style="background:{colour};color:white">&nbsp;{banner}&nbsp;</b>')
        terminal.appendPlainText("$ ")
        self._tell(outcome, name)

    def _show_error(self, act: Act) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Critical, "Error", f"{act.who.title()} stopped", QMessageBox.StandardButton.Ok
        )
        box.setModal(False)
        box.show()
        self._dialogs["error", act.who] = box

    def _dismiss(self, act: Act) -> None:
        self._drop("error", act.who)

    def _copy(self, act: Act) -> None:
        """Copy a file again and again, as often as the time allows."""
        steps = max(1, round((act.until - act.time) * STEPS_A_S))
        dialog = QProgressDialog(f"Copying {act.who}", "Cancel", 0, steps)
        dialog.setWindowTitle("Copy")
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.setMinimumDuration(0)
        dialog.show()
        timer = QTimer(dialog)
        source = self.folder / "pictures" / "content.bin"

        def step() -> None:
            shutil.copyfile(source, self.folder / f"{act.who}.copy")
            dialog.setValue(min(steps, dialog.value() + 1))

        timer.timeout.connect(step)
        timer.start(1000 // STEPS_A_S)
        self._copies[act.who] = timer
        self._dialogs["copy", act.who] = dialog

    def _end_copy(self, act: Act) -> None:
        self._copies.pop(act.who).stop()
        self._drop("copy", act.who)

    def _drop(self, kind: str, who: str) -> None:
        dialog = self._dialogs.pop((kind, who))
        dialog.close()
        dialog.deleteLater()


NAMES = ("Anna", "Ben", "Chloe", "David", "Eva", "Finn")
SUBJECTS = ("meeting", "invoice", "holiday", "question", "release", "minutes", "draft", "travel")


def _style(theme: Theme) -> str:
    paper = "rgb({}, {}, {})".format(*theme.paper)
    ink = "rgb({}, {}, {})".format(*theme.ink)
    return f"* {{ background: {paper}; color: {ink}; font-size: {theme.text - 2}pt; }}"
