"""`courtside watch`: commentary on stdout, for people."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from app.outputs.queued_output import QueuedOutput
from app.outputs.standard_streams import to_stderr, to_stdout
from app.session.records import clock
from core.messages import Degraded, Failure, Finished, Line, Message, Paused, Ready, Resumed
from core.output_messages import PageServed
from core.source_messages import Jumped, PrivateWindow


class TextPrinter(QueuedOutput):
    """Commentary on stdout; the rest on stderr, where loading and the summary show only on a terminal."""

    name = "Standard output"

    def __init__(self, on_reader_gone: Callable[[], None], *, waits: bool = False) -> None:
        """`on_reader_gone` is called once nobody reads stdout any more. waits: nothing is dropped."""
        super().__init__(waits=waits)
        self._on_reader_gone = on_reader_gone
        self._gone = False
        self._status: Callable[[str], Any] = to_stderr if sys.stderr.isatty() else lambda text: None
        self._dim = ("\x1b[2m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
        self._status("Loading the model ...")

    def write(self, message: Message) -> None:
        if self._gone and isinstance(message, Line):
            return
        try:
            self._print(message)
        except OSError:
            self._gone = True
            self._on_reader_gone()

    def _print(self, message: Message) -> None:
        match message:
            case Line(text=text) if text:
                to_stdout(text, before=f"{self._dim[0]}{clock(message.start)}{self._dim[1]}  ")
            case Ready():
                size = f"{message.parameters / 1e6:.1f} M parameters"
                self._status(
                    f"{message.model} on {message.device} ({message.dtype}, {size}) after {message.load_s:.1f} s"
                )
            case Paused(at=at):
                to_stderr(f"courtside: paused at {clock(at)}")
            case Resumed(at=at):
                to_stderr(f"courtside: resumed at {clock(at)}")
            case Jumped(at=at, to=to):
                to_stderr(f"courtside: from {clock(at)} on the film from {clock(to)} on")
            case PrivateWindow(at=at, visible=True):
                to_stderr(f"courtside: paused at {clock(at)}: private window")
            case PrivateWindow(at=at):
                to_stderr(f"courtside: resumed at {clock(at)}")
            case Degraded(what=what, recovered=recovered):
                to_stderr(f"courtside: memory limit: using {what}{' again' if recovered else ''}")
            case PageServed(url=url):
                to_stderr(f"courtside: the overlay page is at {url}")
            case Failure(fatal=False):
                to_stderr(f"courtside: {message.title}: {message.message}")
            case Finished():
                self._status(f"{message.rounds} rounds")
