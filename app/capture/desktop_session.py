"""A desktop session performed by real programs on a real screen, in real time: what the drawn one is held against."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import mss
import numpy as np

from app.capture.desktop_programs import Reply, perform
from core.errors import SourceError
from core.programmes.desktop.act import KINDS, Act
from core.programmes.desktop.commentator import Commentator
from core.programmes.desktop.phrases import BOOK
from core.programmes.desktop.programme import FACTS, mention_of
from core.programmes.desktop.script import Script
from core.programmes.desktop.theme import SIZE, theme_of
from core.programmes.programme import EARLY_S, Event, Mention, Programme, in_round

AHEAD_S = 4.0
ANSWERS_WITHIN_S = 10.0
SETTLE_S = 1.5  # for the first windows to be there
LATE_ANSWERS_S = 0.3
"""How long after a moment its acts may still be answered."""


class DesktopSession:
    """One session of a seed's script. See `core.programmes.programme.Episode`; a call blocks until its time has come.

    The truth is what the programs answer: each act has the time at which it was done, a job the outcome that make told.
    Needs a screen (`app.capture.virtual_screen`) of which it uses the upper left corner.
    """

    def __init__(self, seed: int, facts_shown: bool = True) -> None:
        script = Script(seed)
        user = theme_of(seed).user
        self._context = f"This is a computer screen. {user} is at work."
        self._acts = script.acts()
        self._waiting: deque[Act] = deque([next(self._acts)])
        self._commentator = Commentator(seed, user)
        self._told: list[tuple[Event, str]] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._closed = False
        self._failed: SourceError | None = None
        context = multiprocessing.get_context("spawn")
        self._pipe, child_end = context.Pipe()
        self._process = context.Process(target=perform, args=(child_end, seed), name="courtside-desktop", daemon=True)
        self._process.start()
        child_end.close()
        self._zero = time.monotonic() + SETTLE_S
        self._grabber = mss.MSS()
        self._send("begin", replace(self._waiting[0], time=-SETTLE_S), script.begins)
        self._driver = threading.Thread(target=self._drive, name="desktop-driver")
        self._driver.start()

    @property
    def context(self) -> str:
        return self._context

    def frame(self, time_s: float) -> np.ndarray:
        self._wait(time_s)
        shot = self._grabber.grab({"left": 0, "top": 0, "width": SIZE[0], "height": SIZE[1]})
        bgra = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
        return np.ascontiguousarray(bgra[..., 2::-1])

    def events(self, start_s: float, end_s: float) -> Sequence[Event]:
        self._wait(end_s + LATE_ANSWERS_S)
        with self._lock:
            return [event for event, _ in self._told if start_s < event.time <= end_s]

    def line(self, start_s: float) -> str:
        self._wait(start_s + EARLY_S + LATE_ANSWERS_S)
        with self._lock:
            return " ".join(sentence for event, sentence in self._told if in_round(event.time, start_s))

    def mentions(self, text: str) -> Sequence[Mention]:
        return [mention_of(reading) for reading in BOOK.read(text)]

    def close(self) -> None:
        """The programs end because the pipe does."""
        if self._closed:
            return
        self._closed = True
        self._stop.set()
        self._driver.join()
        self._pipe.close()
        self._process.join(ANSWERS_WITHIN_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._grabber.close()

    def _wait(self, time_s: float) -> None:
        self._stop.wait(max(0.0, self._zero + time_s - time.monotonic()))
        if self._failed is not None:
            raise self._failed

    def _drive(self) -> None:
        """The driver's thread: acts in their time, and what is answered."""
        try:
            while not self._stop.is_set():
                self._look_ahead()
                while self._waiting[0].time <= time.monotonic() - self._zero:
                    self._perform(self._waiting.popleft())
                if self._pipe.poll():  # a job that ended on its own
                    self._hear(self._pipe.recv())
                self._stop.wait(0.01)
        except (EOFError, OSError) as error:
            self._failed = SourceError("The desktop session ended", f"its programs are gone ({error!r})")
            self._stop.set()

    def _look_ahead(self) -> None:
        while self._waiting[-1].time <= time.monotonic() - self._zero + AHEAD_S:
            act = next(self._acts)
            self._waiting.append(act)
            if act.verb == "crossing":
                self._send("expect", act)

    def _perform(self, act: Act) -> None:
        """Have an act done, and wait until it is."""
        self._send("do", act)
        while not self._stop.is_set():
            if not self._pipe.poll(ANSWERS_WITHIN_S):
                raise OSError(f"no answer to {act.verb} {act.who}")
            reply = self._pipe.recv()
            self._hear(reply, act)
            if reply[1] == act.who:
                return

    def _hear(self, reply: Reply, act: Act | None = None) -> None:
        verb, who, moment = reply
        time_s = moment - self._zero
        if verb == "crossing" and act is not None:
            time_s = act.time  # the curve keeps the script's time by itself
        initial = act is not None and act.initial
        with self._lock:
            told = self._commentator.tell(Act(time_s, verb, who, initial=initial))
            if told is not None:
                self._told.append(told)

    def _send(self, what: str, act: Act, side: str = "") -> None:
        self._pipe.send((what, act, side))


PERFORMED = Programme("desktop", KINDS, FACTS, DesktopSession)
