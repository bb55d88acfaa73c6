"""A web page that shows the commentary, for a browser source or a dock of OBS: `--page [PORT]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.outputs.output_kind import OutputKind, StreamRun
from app.outputs.page_options import PORT, PageOptions
from core.messages import Message
from core.output_messages import PageServed

if TYPE_CHECKING:
    import argparse

    from app.capture.source_kind import Check
    from app.settings import Settings


class PageOutput:
    """Serves the page while the stream runs. Requests are answered in the server's own threads.

    Attributes:
        url: where it is.
    """

    name = "The overlay page"

    def __init__(self, options: PageOptions, run: StreamRun) -> None:
        """Listens at once and tells where. Raises UsageError when the port cannot be had."""
        from app.outputs.page_feed import PageFeed
        from app.outputs.page_server import PageServer
        from app.outputs.page_token import page_token

        self._feed = PageFeed()
        self._server = PageServer(options.port, page_token(), self._feed, run.control)
        self.url = self._server.url
        run.emit(PageServed(self.url))

    def handle(self, message: Message) -> None:
        self._feed.handle(message)

    def close(self) -> None:
        self._server.close()


def _add_arguments(group: argparse._ArgumentGroup) -> None:
    about = f"serve a page for OBS on this machine; its address is told ({PORT} unless given; 0: any that is free)"
    group.add_argument("--page", nargs="?", const=PORT, type=int, metavar="PORT", help=about)


def _from_arguments(args: argparse.Namespace, run: StreamRun) -> PageOutput | None:
    return None if args.page is None else PageOutput(PageOptions(args.page), run)


def _from_settings(settings: Settings, run: StreamRun) -> PageOutput | None:
    from app.settings import output_options

    options = output_options(settings, "page", PageOptions)
    return PageOutput(options, run) if options is not None and options.on else None


def _checks() -> list[Check]:
    import socket

    from app.capture.source_kind import Check

    try:
        socket.create_server(("127.0.0.1", PORT)).close()
    except OSError as error:
        fix = "end what listens there (another Courtside?), or give another --page PORT; 0 takes any"
        return [Check("Overlay page", "limited", f"port {PORT}: {error.strerror or error}", fix)]
    return [Check("Overlay page", "ok", f"port {PORT} is free")]


PAGE = OutputKind(_add_arguments, _from_arguments, _from_settings, _checks, table="page", options=PageOptions)
