"""`courtside eval programmes --via`: an episode in a window, captured as `watch` does, or done by real programs."""

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
from dataclasses import replace
from functools import partial
from queue import SimpleQueue
from random import Random
from typing import TYPE_CHECKING

from app.bridge.stream import Stream
from app.capture.desktop_session import PERFORMED
from app.capture.programme_window import ProgrammeWindow, window_title
from app.capture.screen import ScreenSource
from app.capture.source import CaptureOptions, Rectangle, Source
from app.capture.virtual_screen import some_screen
from app.capture.window import WindowSource
from core.config import StreamConfig
from core.errors import SourceError, UsageError
from core.eval.episode_stream import EvalStream, direct_stream, shifted_events
from core.messages import Command, Drop, Message, Ready
from core.model.hub import stream_config
from core.programmes.catalogue import find
from core.programmes.desktop.theme import SIZE
from core.programmes.programme import Event

if TYPE_CHECKING:
    from core.types import Chunk

MONITOR = 1
WINDOW_SHARE = 0.78
"""Of the screen, at most, that the window takes in either direction."""
PLACE = (0.6, 0.55)
"""Where the window lies in the room that it leaves: 0 left or top, 1 right or bottom."""

StreamFor = Callable[[argparse.Namespace, str, int], EvalStream]


@contextmanager
def on_screen() -> Iterator[StreamFor]:
    """A screen, and what shows an episode on it. Raises SourceError when there is none and none can be made."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # the screen ends with us
    try:
        with some_screen(), ExitStack() as ending:  # an episode that was left in the middle ends before its screen
            yield partial(_stream, ending)
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def performed() -> Iterator[StreamFor]:
    """A screen on which real programs perform the desktop session."""
    with some_screen(SIZE), ExitStack() as ending:
        yield partial(_performed_stream, ending)


def _performed_stream(ending: ExitStack, args: argparse.Namespace, programme: str, seed: int) -> EvalStream:
    """The session of a seed as it is performed. UsageError for any other programme: its programs are the desktop's."""
    if programme != PERFORMED.name:
        raise UsageError("No programs for it", f"--via programs goes with --only {PERFORMED.name}, not {programme}")
    fps = stream_config({"model": args.model}).fps
    session = ending.enter_context(closing(PERFORMED.start(seed, False)))
    return direct_stream(replace(PERFORMED, start=lambda *_: session), seed, args.seconds, fps, False)


def window_area(picture: tuple[int, int]) -> Rectangle:
    """Where pictures of (width, height) go on the screen: off the middle, smaller than it, in proportion."""
    import mss

    try:
        with mss.MSS() as screens:
            screen = screens.monitors[MONITOR]
    except mss.ScreenShotError as error:
        raise SourceError("The screen cannot be captured", f"{error}; see courtside doctor") from error
    scale = min(WINDOW_SHARE * screen[side] / whole for side, whole in zip(("width", "height"), picture, strict=True))
    width, height = (round(scale * side) for side in picture)
    left = screen["left"] + round(PLACE[0] * (screen["width"] - width))
    top = screen["top"] + round(PLACE[1] * (screen["height"] - height))
    return left, top, width, height


def _stream(ending: ExitStack, args: argparse.Namespace, programme: str, seed: int) -> EvalStream:
    """An episode that starts on the screen when its first chunk is asked for.

    What happened in it is asked of a second episode of the same seed, in this process.
    """
    truth = ending.enter_context(closing(find(programme).start(seed, args.scoreboard)))
    height, width = truth.frame(0.0).shape[:2]
    screened = ScreenedEpisode(args, programme, seed, window_area((width, height)))
    chunks = ending.enter_context(closing(screened.chunks()))

    def events() -> list[Event]:
        start_s = screened.episode_start_s()
        return shifted_events(truth, start_s, start_s + args.seconds)

    return EvalStream(truth.context, chunks, events, truth.mentions)


class ScreenedEpisode:
    """One episode on the screen, and its way to the engine: the thread that iterates over `chunks` does the rounds.

    Attributes:
        lost: frames that never reached the engine, by cause.
    """

    def __init__(self, args: argparse.Namespace, programme: str, seed: int, area: Rectangle) -> None:
        self.lost: Counter[str] = Counter()
        self._config: StreamConfig = stream_config({"model": args.model, "mode": args.mode})
        self._programme = programme
        self._seed = seed
        self._area = area
        self._seconds = args.seconds
        self._scoreboard = args.scoreboard
        self._via = args.via
        self._starts: list[float] = []  # episode time at stream time 0, as each chunk tells it

    def episode_start_s(self) -> float:
        """Episode time at stream time 0; the middle one of what the chunks tell, since a grab may be late."""
        return statistics.median(self._starts)

    def chunks(self) -> Generator[Chunk, None, None]:
        """The chunks as they come. Raises what ended the capture early."""
        relay = RelayHost()
        fps = self._config.fps
        source = self._source(CaptureOptions(fps, "live", fps))
        stream = Stream(source, relay, self._config, on_message=self._hear, seconds=self._seconds)
        with ProgrammeWindow(self._programme, self._seed, self._area, scoreboard=self._scoreboard) as window:
            time.sleep(Random(f"phase {self._seed}").random())  # nobody presses Start on the episode's full second
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

    def _source(self, options: CaptureOptions) -> Source:
        """What is captured: the whole screen, or the episode's window alone."""
        if self._via == "window":
            return WindowSource(window_title(self._programme, self._seed), options)
        return ScreenSource(options, monitor=MONITOR)

    def _hear(self, message: Message) -> None:
        if isinstance(message, Drop):
            self.lost[message.cause] += message.frames

    def _tell_lost(self) -> None:
        for cause, frames in self.lost.items():
            sys.stderr.write(f"{self._programme} {self._seed}: {frames} frames lost ({cause})\n")


class RelayHost:
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

    def prefill_ahead(self, partial: Chunk) -> tuple[()]:
        """A round begins with its whole chunk."""
        return ()

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
