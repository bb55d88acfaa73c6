"""OBS, over its own websocket: the last lines as a text source, captions, marks, chapters: `--obs [URL]`."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from app.outputs.big_moments import BIG, BigMoments
from app.outputs.output_kind import OutputKind, StreamRun
from app.outputs.queued_output import CLOSE_WITHIN_S, QueuedOutput
from app.outputs.recent_lines import RecentLines
from app.personas.folders import find_persona
from core.errors import UsageError
from core.messages import Cleared, CommandSent, Line, Marked, Message, Steer

if TYPE_CHECKING:
    import argparse

    from app.capture.source_kind import Check
    from app.outputs.obs_address import ObsAddress
    from app.settings import Settings

MAX_LINES = 8


@dataclass(frozen=True, slots=True)
class ObsOptions:
    """`[outputs.obs]`.

    Attributes:
        url: where OBS listens, as `app.outputs.obs_address` reads it; "": OBS on this machine, by its own settings.
        scene: in which it is shown; "": the one in the address, or else the one on air.
        shows: the last lines as a text, or the overlay page.
        on: whether it is used. lines: how many of the last lines a text has.
        captions: whether lines go to OBS's stream as captions, too.
        marks: whether the recorded session is marked when OBS begins, pauses or ends a recording or a stream.
        chapters: whether OBS's recording gets a chapter at a big moment. big_words: those that make a line one.
    """

    url: str = field(default="", repr=False)
    scene: str = ""
    shows: Literal["text", "page"] = "text"
    on: bool = True
    lines: int = 2
    captions: bool = True
    marks: bool = True
    chapters: bool = True
    big_words: Annotated[tuple[str, ...], Meta(extra={"long": True})] = BIG

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= MAX_LINES:
            raise UsageError("Impossible number of lines", f"OBS is given 1 to {MAX_LINES}, not {self.lines}")


class ObsOutput(QueuedOutput):
    """Gives OBS the last lines. It may come and go; what it misses is only the past."""

    name = "OBS"

    def __init__(self, options: ObsOptions, run: StreamRun, page: str = "") -> None:
        """Connects in a thread of its own. Raises UsageError for an address that makes no sense.

        Args:
            page: address of the overlay page, for an OBS that shows it; "": the text is shown.
        """
        import websockets  # noqa: F401 - a lack of it is told here, and not by the thread that connects

        from app.outputs.obs_link import ObsLink

        super().__init__(waits=run.waits)
        self._options = options
        self._emit = run.emit
        self._recent = RecentLines(options.lines)
        self._last: Line | None = None
        self._moments = BigMoments(())
        self._take_persona(run.config.persona)
        self._link = ObsLink(address_of(options), run.emit, self._mark, page)

    def wants(self, message: Message) -> bool:
        return isinstance(message, Line | Cleared | Marked) or persona_of(message) is not None

    def write(self, message: Message) -> None:
        if isinstance(message, Line):
            self._last = message
        if self._recent.take(message):
            self._link.show(self._recent.text())
            if self._options.captions and isinstance(message, Line):
                self._link.caption(message.text)
            if isinstance(message, Line) and (name := self._moments.name(message)):
                self._link.chapter(name)
        elif (persona := persona_of(message)) is not None:
            self._take_persona(persona)
        elif isinstance(message, Marked) and not message.text.startswith("OBS "):
            self._link.chapter(message.text or "Marked")

    def close(self) -> None:
        super().close()
        self._link.show("")
        self._link.close(CLOSE_WITHIN_S)

    def _take_persona(self, name: str) -> None:
        """Whoever speaks has big words of their own, besides those of the settings."""
        own: tuple[str, ...] = ()
        if name:
            with suppress(UsageError):  # its file has gone meanwhile
                own = find_persona(name).file.big_words
        self._moments.set_words((*self._options.big_words, *own) if self._options.chapters else ())

    def _mark(self, what: str, state: str) -> None:
        """In the recorded session, at the source second at which it happened."""
        if self._options.marks:
            last = self._last
            at = 0.0 if last is None else last.end + time.monotonic() - last.captured_at
            self._emit(Marked(round(at, 2), f"OBS {what} {state}"))


def address_of(options: ObsOptions) -> ObsAddress:
    """Where OBS listens, and the scene. Raises UsageError for an impossible address, and where none is known."""
    from app.outputs.obs_address import find_address, parse_address

    address = parse_address(options.url) if options.url else find_address()
    return replace(address, scene=options.scene) if options.scene else address


def persona_of(message: Message) -> str | None:
    """The name of the persona that speaks from now on, None where it stays."""
    command = message.command if isinstance(message, CommandSent) else None
    return command.persona if isinstance(command, Steer) else None


def _add_arguments(group: argparse._ArgumentGroup) -> None:
    about = "show the last lines in OBS: ws://[:PASSWORD@]HOST:4455[/SCENE], or nothing for OBS on this machine"
    group.add_argument("--obs", nargs="?", const="", metavar="URL", help=about)


def _from_arguments(args: argparse.Namespace, run: StreamRun) -> ObsOutput | None:
    return None if args.obs is None else ObsOutput(ObsOptions(args.obs), run)


def _from_settings(settings: Settings, run: StreamRun) -> ObsOutput | None:
    from app.settings import output_options

    options = output_options(settings, "obs", ObsOptions)
    if options is None or not options.on:
        return None
    return ObsOutput(options, run, _page_of(settings) if options.shows == "page" else "")


def _page_of(settings: Settings) -> str:
    """Address of the overlay page. Raises UsageError where it is not served, or nobody knows where beforehand."""
    from app.outputs.page_options import PageOptions
    from app.outputs.page_server import page_url
    from app.outputs.page_token import page_token
    from app.settings import output_options

    page = output_options(settings, "page", PageOptions)
    if page is None or not page.on or not page.port:
        fix = "Switch the overlay page on, with a port of its own, or let OBS show the text."
        raise UsageError("OBS is to show the overlay page, which is off", fix)
    return page_url(page.port, page_token())


def _checks() -> list[Check]:
    """Whether OBS answers here now; asked without a word to it."""
    import shutil
    import socket
    import sys

    from app.capture.source_kind import Check
    from app.outputs.obs_address import find_address

    try:
        address = find_address()
    except UsageError as error:
        if sys.platform == "linux" and shutil.which("obs") is None and "off" not in error.title:
            return [Check("OBS", "limited", "not found on this machine", "apt install obs-studio, and start it once")]
        return [Check("OBS", "limited", error.title, error.message)]
    try:
        socket.create_connection((address.host, address.port), 1.0).close()
    except OSError as refused:
        why = f"its websocket server at {address.shown} does not answer ({refused.strerror or refused})"
        return [Check("OBS", "limited", why, "start OBS; --obs connects as soon as it is there")]
    return [Check("OBS", "ok", f"its websocket server answers at {address.shown}; --obs")]


OBS = OutputKind(_add_arguments, _from_arguments, _from_settings, _checks, table="obs", options=ObsOptions)
