"""The window that `tests.faults.soak` runs: it changes its source by itself, and is looked at as it goes."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import av
import psutil
from PySide6.QtCore import QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app import theme
from app.bridge.stream import Stream
from app.capture.source import CaptureExclusions, CaptureOptions
from app.capture.spec import open_source
from app.commands.control import steer
from app.engine_host import supervised_host
from app.main import Courtside
from app.outputs.chosen_outputs import ChosenOutputs
from app.outputs.output_kind import StreamRun
from app.session.prepare import prepare
from app.settings import Settings
from app.settings_file import SettingsFile
from app.window.interrupts import Interrupts
from core.heaps import share_one_heap
from core.messages import Failure, Finished, Gap, Message, Stats
from core.types import Frame
from tests.faults.soak import DEADLINE_S, SAMPLES_A_SOURCE, Course, sample

LOOK_MS = 20
QUIET_QT = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)


class SoakedWindow(QObject):
    """Runs until its rounds or minutes are over."""

    def __init__(self, folder: Path, course: Course, rounds: int | None, minutes: float | None, switch: int) -> None:
        share_one_heap()  # as `app.main` does
        self._application = QApplication(["courtside"])
        super().__init__()
        theme.apply(self._application)
        qInstallMessageHandler(self._qt_said)
        self._course = course
        self._rounds = rounds
        self._ends = None if minutes is None else time.monotonic() + 60 * minutes
        self._switch = switch
        self._sources = ("arena:1", film(folder / "film.mp4", switch), "arena:2")
        self._process = psutil.Process()
        self._engine: psutil.Process | None = None
        self._age = 0  # rounds of the engine in use
        self._last_round = time.monotonic()
        outputs = {"text_file": {"path": str(folder / "said.txt")}, "page": {"port": 0}}
        file = SettingsFile()
        file.save(Settings(source="camera", first_page_seen=True, outputs=outputs))
        self._courtside = Courtside(file, self._build)
        self._look = QTimer(self)
        self._look.timeout.connect(self._look_at_it)

    def run(self) -> None:
        """To its end; what was seen is in the course."""
        self._courtside.ended.connect(self._application.quit)
        self._courtside.open()
        self._look.start(LOOK_MS)
        interrupts = Interrupts(self._interrupted)
        self._application.exec()
        interrupts.restore()
        qInstallMessageHandler(None)

    def _interrupted(self) -> None:
        """Ctrl-C: what was seen so far is told."""
        self._look.stop()
        self._courtside.window.close()

    def _build(self, settings: Settings, exclusions: CaptureExclusions, outputs: ChosenOutputs) -> Stream:
        """As `build_stream`, with an end, and at the pace that is asked for."""
        pace = "live" if self._rounds is None else "max"
        capture = CaptureOptions(own_windows=exclusions.own_windows, ignored=exclusions.ignored, pace=pace)
        source, config = prepare(settings.source, {}, capture)
        host = supervised_host(config)

        def hear(message: Message) -> None:
            self._note(message)
            outputs.handle(message)

        seconds = self._switch * config.chunk_s
        stream = Stream(source, host, config, on_message=hear, pace=pace, seconds=seconds)  # type: ignore[arg-type]
        steered = partial(steer, stream)
        run = StreamRun(settings.source, source.name, config, hear, steered, waits=pace == "max")
        run = replace(run, watch_frames=stream.watch_frames)
        outputs.open(settings, run)
        self._age = 0
        return stream

    def _note(self, message: Message) -> None:
        """In the worker thread."""
        course = self._course
        match message:
            case Stats():
                course.chunk_s.append(message.compute_s)
                self._age += 1
                self._last_round = time.monotonic()
                if len(course.chunk_s) % max(1, self._switch // SAMPLES_A_SOURCE) == 0:
                    engine = self._engine_process()
                    course.samples.append(sample(self._process, engine, len(course.chunk_s), self._age))
            case Gap():
                course.gaps += 1
            case Failure():
                course.failures.append(f"{message.title}: {message.message}")
            case Finished():
                self._engine = None

    def _engine_process(self) -> psutil.Process | None:
        if self._engine is None:  # the largest: a film has a decoder, too
            children = [one for one in self._process.children() if any("spawn_main" in word for word in one.cmdline())]
            self._engine = max(children, key=lambda one: one.memory_info().rss, default=None)
        return self._engine

    def _look_at_it(self) -> None:
        """In the GUI thread: the next source once one is over, and the end."""
        spoken = len(self._course.chunk_s)
        over = spoken >= self._rounds if self._rounds is not None else time.monotonic() > (self._ends or 0)
        if time.monotonic() - self._last_round > DEADLINE_S:
            self._course.failures.append(f"no round for {DEADLINE_S:g} s, after {spoken}")
            over = True
        if over:
            self._look.stop()
            self._courtside.window.close()
        elif self._courtside.session is None:
            self._courtside.window.picker.set_spec(self._sources[self._course.starts % len(self._sources)])
            self._course.starts += 1
            self._courtside.start()
            print(f"{spoken} rounds, source {self._course.starts}", file=sys.stderr, flush=True)

    def _qt_said(self, kind: QtMsgType, _: object, text: str) -> None:
        if kind not in QUIET_QT:
            self._course.warnings.append(f"Qt: {text}")


def film(path: Path, seconds: int) -> str:
    """A video file of the arena, at two pictures a second. Returns its SOURCE."""
    source = open_source("arena:9", CaptureOptions(fps=2, pace="max", preview_fps=0))
    source.open()
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=2, options={"preset": "ultrafast"})
        count = 0
        while count < 2 * seconds + 2 and isinstance(frame := source.read(), Frame):
            if count == 0:
                stream.height, stream.width = frame.image.shape[:2]
                stream.pix_fmt = "yuv420p"
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image, format="rgb24")))
            count += 1
        container.mux(stream.encode(None))
    source.close()
    return str(path)
