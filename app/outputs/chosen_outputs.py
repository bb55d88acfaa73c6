"""The outputs of one stream as the settings ask for them, also when those change while it runs."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.outputs.fanout import Fanout, failure_of
from app.outputs.kinds import KINDS
from app.outputs.speech import SPEECH
from core.errors import CourtsideError
from core.messages import Message, Paused, Ready, Resumed
from core.output_messages import VoiceGone

if TYPE_CHECKING:
    from app.outputs.output import Output
    from app.outputs.output_kind import OutputKind, StreamRun
    from app.settings import Settings


class ChosenOutputs(Fanout):
    """A fan-out that opens and closes outputs while it hands out messages.

    One that cannot be opened is reported, and the commentary goes on without it. One that comes late is told first that
    the model is there, and whether the stream is paused. Recordings begin with a stream or not at all.
    """

    def __init__(self, shown_by: Sequence[Output] = ()) -> None:
        super().__init__(shown_by)
        self._run: StreamRun | None = None
        self._wanted: Settings | None = None  # not yet as the settings say
        self._opened: dict[str, tuple[Mapping[str, Any] | None, Output | None]] = {}  # by table, with what it was asked
        self._wanting = threading.Lock()
        self._changer: threading.Thread | None = None
        self._ready: Ready | None = None
        self._paused: Paused | None = None

    def open(self, settings: Settings, run: StreamRun) -> None:
        """For a stream that has just been built."""
        for kind in KINDS:
            self._open(kind, settings, run)
        with self._wanting:
            self._run = run
        self._begin()

    def change(self, settings: Settings) -> None:
        """What has changed is closed, or opened anew, in a thread; before `open`, right after it."""
        with self._wanting:
            self._wanted = settings
        self._begin()

    def join(self) -> None:
        """Waits for a change under way."""
        with self._wanting:
            changer = self._changer
        if changer is not None:
            changer.join()

    def handle(self, message: Message) -> None:
        """As `Fanout.handle`."""
        match message:
            case Ready():
                self._ready = message
            case Paused():
                self._paused = message
            case Resumed():
                self._paused = None
        super().handle(message)

    def _begin(self) -> None:
        """One thread at a time; what comes meanwhile is done by that one."""
        with self._wanting:
            if self._wanted is None or self._run is None or self._changer is not None:
                return
            self._changer = threading.Thread(target=self._change, args=(self._run,), name="outputs", daemon=True)
            self._changer.start()

    def _change(self, run: StreamRun) -> None:
        while (settings := self._next()) is not None:
            for kind in KINDS:
                if kind.live and settings.outputs.get(kind.table) != self._opened[kind.table][0]:
                    self._close_kind(kind)
                    self._open(kind, settings, run)

    def _next(self) -> Settings | None:
        """The newest settings that were not yet looked at; None at the end, where this thread is forgotten."""
        with self._wanting:
            wanted = self._wanted
            self._wanted = None
            if wanted is None or self._ended:
                self._changer = None
                return None
            return wanted

    def _open(self, kind: OutputKind, settings: Settings, run: StreamRun) -> None:
        output = None
        try:
            output = kind.from_settings(settings, run)
        except CourtsideError as error:
            self.handle(failure_of("An output", error))
        self._opened[kind.table] = (settings.outputs.get(kind.table), output)
        if output is not None:
            self.add(output, [message for message in (self._ready, self._paused) if message is not None])

    def _close_kind(self, kind: OutputKind) -> None:
        _, output = self._opened[kind.table]
        if output is not None:
            self.remove(output)
            if kind is SPEECH:
                self.handle(VoiceGone())
