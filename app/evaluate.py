"""`courtside eval arena --via screen`: the match in a window, its screen captured as `watch screen` does."""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from queue import SimpleQueue
from random import Random
from typing import TYPE_CHECKING

from app.bridge.stream import Stream
from app.capture.programme_window import ProgrammeWindow
from app.capture.screen import ScreenSource
from app.capture.source import CaptureOptions, Rectangle
from app.capture.virtual_screen import some_screen
from core.config import StreamConfig, resolve
from core.errors import SourceError
from core.eval.replay import Showing
from core.messages import Command, Drop, Message, Ready
from core.model.hub import settings_folder
from core.programmes.football.camera import PICTURE_SIZE
from core.programmes.football.kit import Fixture

if TYPE_CHECKING:
    from core.types import Chunk

MONITOR = 1
WINDOW_SHARE = 0.78
"""Width of the arena's window as a share of the screen's."""
PLACE = (0.6, 0.55)
"""Where the window lies in the room that it leaves: 0 left or top, 1 right or bottom."""

ChunksFor = Callable[[argparse.Namespace, int], Showing]


@contextmanager
def on_screen() -> Iterator[ChunksFor]:
    """A screen, and what shows a match on it. Raises SourceError when there is none and none can be made."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # the screen ends with us
    try:
        with some_screen(), ExitStack() as ending:  # a match that was left in the middle ends before its screen
            yield partial(_showing, ending, window_area())
    finally:
        signal.signal(signal.SIGTERM, before)


def window_area() -> Rectangle:
    """Where the arena goes on the screen: off the middle, smaller than the screen, in its own proportions."""
    import mss

    try:
        with mss.MSS() as screens:
            screen = screens.monitors[MONITOR]
    except mss.ScreenShotError as error:
        raise SourceError("The screen cannot be captured", f"{error}; see courtside doctor") from error
    scale = min(
        WINDOW_SHARE * screen[side] / whole for side, whole in zip(("width", "height"), PICTURE_SIZE, strict=True)
    )
    width, height = (round(scale * side) for side in PICTURE_SIZE)
    left = screen["left"] + round(PLACE[0] * (screen["width"] - width))
    top = screen["top"] + round(PLACE[1] * (screen["height"] - height))
    return left, top, width, height


def _showing(ending: ExitStack, area: Rectangle, args: argparse.Namespace, seed: int) -> Showing:
    """A match that starts on the screen when its first chunk is asked for."""
    match = ScreenedMatch(args, seed, area)
    chunks = ending.enter_context(closing(match.chunks()))
    return Showing(seed, Fixture(seed), chunks, match.match_start_s)


class ScreenedMatch:
    """One match on the screen, and its way to the engine: the thread that iterates over `chunks` does the rounds.

    Attributes:
        lost: frames that never reached the engine, by cause.
    """

    def __init__(self, args: argparse.Namespace, seed: int, area: Rectangle) -> None:
        self.lost: Counter[str] = Counter()
        self._config: StreamConfig = resolve(
            {"model": args.model, "mode": args.mode}, settings_folder(args.model or "")
        )
        self._seed = seed
        self._area = area
        self._seconds = args.seconds
        self._scoreboard = args.scoreboard
        self._starts: list[float] = []  # match time at stream time 0, as each chunk tells it

    def match_start_s(self) -> float:
        """Match time at stream time 0; the middle one of what the chunks tell, since a grab may be late."""
        return statistics.median(self._starts)

    def chunks(self) -> Generator[Chunk, None, None]:
        """The chunks as they come. Raises what ended the capture early."""
        relay = Relay()
        fps = self._config.fps
        source = ScreenSource(CaptureOptions(fps, "live", fps), monitor=MONITOR)
        stream = Stream(source, relay, self._config, on_message=self._hear, seconds=self._seconds)
        with ProgrammeWindow(self._seed, self._area, scoreboard=self._scoreboard) as window:
            time.sleep(Random(f"phase {self._seed}").random())  # nobody presses Start on the match's full second
            stream.start()
            try:
                with closing(relay.chunks()) as handed:
                    for chunk in handed:
                        window.check()
                        self._starts.append(chunk.captured_at - (chunk.end - 1 / fps) - window.zero)
                        yield chunk
            finally:
                stream.stop()
        if stream.error is not None:
            raise stream.error
        self._tell_lost()

    def _hear(self, message: Message) -> None:
        if isinstance(message, Drop):
            self.lost[message.cause] += message.frames

    def _tell_lost(self) -> None:
        for cause, frames in self.lost.items():
            sys.stderr.write(f"match {self._seed}: {frames} frames lost ({cause})\n")


class Relay:
    """A host whose rounds are done elsewhere: it holds the stream back until whoever took the chunk comes again."""

    def __init__(self) -> None:
        self._handed: SimpleQueue[Chunk | None] = SimpleQueue()
        self._back = threading.Semaphore(0)
        self._gone = False

    def start(self, on_progress: object = None) -> Ready:
        return Ready("relay", "", "", 0, 0.0)

    def interrupt(self) -> None:
        """Nothing is loaded here."""

    def prepare_shapes(self, picture: object) -> None:
        """It has no memory to take."""

    def prefill_ahead(self, partial: Chunk) -> None:
        """A round begins with its whole chunk."""

    def step(self, chunk: Chunk) -> Iterator[Message]:
        if not self._gone:
            self._handed.put(chunk)
            self._back.acquire()
        return iter(())

    def send(self, command: Command) -> None:
        """Nobody asks anything here."""

    def close(self) -> None:
        self._handed.put(None)

    def chunks(self) -> Generator[Chunk, None, None]:
        """The other end. The stream never waits for one who has left."""
        try:
            while (chunk := self._handed.get()) is not None:
                yield chunk
                self._back.release()
        finally:
            self._gone = True
            self._back.release()
