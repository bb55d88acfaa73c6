"""One stream from a source to messages: the capture thread, the worker thread, and how both end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING

from app.bridge.capture_loop import CaptureLoop
from app.bridge.frame_selection import FrameSelection, TakeFrame
from app.bridge.gap_tracker import GapTracker
from app.bridge.known_context import KnownContext
from app.bridge.mailbox import QUEUE_CHUNKS, Mailbox, told
from app.bridge.mute import Mute
from app.bridge.pause import PauseGate
from app.bridge.resume_state import ResumeState
from app.bridge.stream_error import in_words
from app.capture.source import SeekableSource
from core.config import StreamConfig
from core.errors import CourtsideError, EngineError
from core.messages import Cleared, Command, CommandSent, Failure, Finished, Gap, Marked, Message
from core.output_messages import SpeechSwitched
from core.source_messages import Jumped
from core.types import Chunk, Frame
from core.video.chunker import Chunker

if TYPE_CHECKING:
    from app.capture.source import Pace, Source
    from core.engine.host import Host


class Stream:
    """Owns the source in its capture thread and the engine's host in its worker thread.

    Capture starts at once and feeds the preview. The stream's clock starts with the first frame taken after `Ready`,
    so that the first round is not stale; a source that can be held (a file) is held until then. Every error becomes
    one `Failure`; the last message is always `Finished`.

    Attributes:
        mailbox: the preview slot and the counters. rounds: how many rounds are done.
        error: what ended the stream, when it did not end well.
        film: where one can go back and forth in what is watched; None where one cannot.
        frame_counts: frames that came, and what became of them.
    """

    def __init__(
        self,
        source: Source,
        host: Host,
        config: StreamConfig,
        *,
        on_message: Callable[[Message], None],
        pace: Pace = "live",
        seconds: float | None = None,
        source_context: str = "",
        earlier: ResumeState | None = None,
    ) -> None:
        """A stream that has not been started.

        `on_message` is called in the worker thread, or in that of `send`, and must not raise. `seconds`: source time
        after which to end. `source_context`: what the source itself knows. `earlier`: left by the one before.
        """
        self.mailbox = Mailbox(QUEUE_CHUNKS * config.frames_per_chunk())
        self.rounds = 0
        self.error: CourtsideError | None = None
        self.film = source if isinstance(source, SeekableSource) else None
        self._source = source
        self._host = host
        self._config = config
        self._emit = on_message
        self._prefills_ahead = pace == "live"  # at another nobody waits for a line
        self._context = KnownContext(source_context, config.context)
        waits = pace == "max"
        self._pause = PauseGate(config.chunk_s, waits=waits)
        selection = FrameSelection(config.fps, self._pause, seconds, self.mailbox.put_marker)
        begins = None if earlier is None else partial(earlier.begins, config.chunk_s)
        self._capture_loop = CaptureLoop(
            source, self.mailbox, selection, chunk_s=config.chunk_s, waits=waits, seconds=seconds, begins=begins
        )
        self.frame_counts = self._capture_loop.frame_counts
        self._gaps = GapTracker()
        self._reached_at = time.monotonic()
        self._successor: Stream | None = None
        self._suspended = False
        self._ready = threading.Event()
        self._mute = Mute()
        if earlier is not None:
            self._go_on(earlier)
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._capture = threading.Thread(target=self._run_capture, name="capture", daemon=True)
        self._worker = threading.Thread(target=self._run_worker, name="stream", daemon=True)

    def watch_frames(self, take: TakeFrame) -> None:
        """Before the start: `take` gets each frame but those of a pause, in the capture thread; must not raise.

        It returns at once; at pace "max" it may wait.
        """
        self._capture_loop.selection.watched = take

    @property
    def current(self) -> Stream:
        """The one that goes on in its place; itself where none does."""
        return self if self._successor is None else self._successor.current

    def suspend(self) -> ResumeState:
        """End without saying so, and leave everything to another one. Not from a thread of the stream."""
        self._suspended = True
        paused = not self._pause.wanted  # stopping ends every wait
        self.stop()
        memory = getattr(self._host, "memory", None)
        watched = self._capture_loop.selection.watched
        return ResumeState(self.rounds, self._gaps.reached, self._reached_at, memory, watched, paused, self._mute)

    def succeeded_by(self, stream: Stream) -> None:
        """Whoever still holds this one reaches that one by `current`."""
        self._successor = stream

    def start(self) -> None:
        """Start watching; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """End cleanly after the round in progress, and wait for that. From any thread, as often as one likes."""
        self.request_stop()
        if threading.current_thread() is not self._worker:
            self.join()

    def request_stop(self) -> None:
        """End soon, without waiting."""
        self._stopping.set()
        self._host.interrupt()
        self._source.interrupt()
        self.mailbox.close(discard=True)
        self._pause.set_watched(True)
        self._ready.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end. False when it has not come within `timeout` seconds.

        Ctrl-C may end this wait and one may wait again, which `Thread.join` does not stand: when interrupted, it takes
        the thread for finished (Python 3.11).
        """
        if self._worker.ident is None:
            return True
        ended = self._ended.wait(timeout)
        if ended:
            self._worker.join()
        return ended

    @property
    def ready(self) -> bool:
        """The model has been loaded (or the stream has ended)."""
        return self._ready.is_set()

    def pause(self) -> None:
        """From the next chunk on nothing reaches the engine, which keeps what it remembers. From any thread.

        The preview and the source's clock go on (at pace "max" the source waits); what is missed is reported as a Gap.
        """
        self._pause.set_watched(False)

    def resume(self) -> None:
        """Go on with the chunk that begins next. From any thread."""
        self._mute.set_on(False)
        self._pause.set_watched(True)

    def send(self, command: Command) -> None:
        """A command for the next round, from any thread; the outputs get it as `CommandSent`."""
        command = self._context.whole(command)
        self._emit(CommandSent(command, time.monotonic()))
        with suppress(EngineError):  # the engine has gone: the worker reports that
            self._host.send(command)

    def add_context(self, text: str) -> None:
        """What others say, behind the viewer's own context, instead of what they said before. From any thread."""
        self.send(self._context.added(text))

    def mark(self, text: str = "") -> None:
        """Marks the end of the last chunk for whoever looks at the recording later. From any thread."""
        self._emit(Marked(self._gaps.reached, text))

    def clear(self) -> None:
        """What was said goes from every output at once; the recording keeps it. From any thread."""
        self._emit(Cleared())

    def switch_speech(self, on: bool) -> None:
        """Whether a voice, where there is one, speaks. From any thread."""
        self._emit(SpeechSwitched(on))

    def panic(self) -> None:
        """Clears every output at once and pauses; until `resume` what is said goes to the recording alone."""
        self._mute.set_on(True)
        self.pause()
        self.clear()

    # The worker thread

    def _run_worker(self) -> None:
        self._capture.start()
        try:
            with closing(self._host):
                self._comment()
        except Exception as error:  # noqa: BLE001 - every error becomes one Failure
            self._fail(error)
        finally:
            self.request_stop()
            self._capture.join()
            try:
                self._report_end()
            finally:
                self._ended.set()

    def _comment(self) -> None:
        try:
            ready = self._host.start(self._emit)
        except CourtsideError:
            if not self._stopping.is_set():
                raise
        if self._stopping.is_set():
            return
        if (shown := self.mailbox.latest()) is not None:
            self._host.prepare_shapes(shown.image)
        self._emit(ready)
        self._ready.set()
        for chunk in self._chunks():
            self._reached_at = time.monotonic()
            if (gap := self._gaps.before(chunk)) is not None:
                self._emit(gap)
            for message in self._host.step(chunk):
                if isinstance(message, Gap):  # what passes until the next round is missed for the same reason
                    self._gaps.note(message)
                self._say(message)
            self.rounds += 1

    def _go_on(self, earlier: ResumeState) -> None:
        self.rounds = earlier.rounds
        self._gaps = GapTracker(earlier.reached)
        self._mute = earlier.mute
        self._pause.set_watched(not earlier.paused)
        self._capture_loop.selection.watched = earlier.watched

    def _say(self, made: Message) -> None:
        """A round's message; after a panic no words."""
        if (message := self._mute.filtered(made)) is not None:
            self._emit(message)

    def _chunks(self) -> Iterator[Chunk]:
        """The complete chunks, telling of the frames lost and the pauses made before each."""
        chunker = Chunker(self._config.fps, self._config.chunk_s)
        while (entry := self.mailbox.get()) is not None:
            if not isinstance(entry, Frame):
                self._gaps.note(entry)
                self._emit(told(entry))
                if isinstance(entry, Jumped):
                    chunker.finish()  # the gap tells of what was under way
                continue
            chunk = chunker.add(entry)
            self._report_drops(chunker)
            if chunk is not None:
                yield chunk
            elif self._prefills_ahead and not self.mailbox and (partial := chunker.partial()) is not None:
                for message in self._host.prefill_ahead(partial):
                    self._say(message)
        self._report_drops(chunker, ended=not self._stopping.is_set())

    def _report_drops(self, chunker: Chunker, *, ended: bool = False) -> None:
        incomplete = chunker.finish() if ended else chunker.take_drop()
        for drop in self.mailbox.take_drops():
            self._emit(drop)
        if incomplete is not None:
            self._emit(incomplete)

    def _report_end(self) -> None:
        if self._suspended:
            return
        if (gap := self._gaps.at_end(self._capture_loop.state.lost_until)) is not None:
            self._emit(gap)
        if self.error is not None:
            self._emit(Failure(self.error.title, self.error.message))
        elif self._source.warning:
            self._emit(Failure("The source ended early", self._source.warning, fatal=False))
        self._emit(Finished(self.rounds))

    # The capture thread

    def _run_capture(self) -> None:
        try:
            self._capture_loop.run(self._ready, self._stopping)
        except Exception as error:  # noqa: BLE001 - every error becomes one Failure
            self._fail(error)
        finally:
            self.mailbox.close()

    def _fail(self, error: Exception) -> None:
        self.error = self.error or in_words(error)
