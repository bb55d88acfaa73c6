"""The connection to OBS, kept up for as long as a stream runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from app.outputs.obs_page import place_page
from app.outputs.obs_socket import Data, ObsSocket, RequestFailed, connected, unanswered
from app.outputs.obs_text import place_text, set_text
from core.errors import OutputError
from core.messages import Failure, Message

if TYPE_CHECKING:
    from app.outputs.obs_address import ObsAddress

MIN_WAIT_S = 0.25
MAX_WAIT_S = 5.0
"""Between two tries to connect."""
STATES = {
    "OBS_WEBSOCKET_OUTPUT_STARTED": "started",
    "OBS_WEBSOCKET_OUTPUT_PAUSED": "paused",
    "OBS_WEBSOCKET_OUTPUT_RESUMED": "resumed",
    "OBS_WEBSOCKET_OUTPUT_STOPPED": "stopped",
}
CHAPTER = "CreateRecordChapter"
UNKNOWN_REQUEST = 204
NOT_RUNNING = 501
OUTPUTS = {"RecordStateChanged": "recording", "StreamStateChanged": "streaming"}

log = logging.getLogger(__name__)


class ObsLink:
    """A thread that connects, again and again where need be, and shows the newest text whenever it is connected.

    Attributes:
        streaming, recording: what OBS is doing.
    """

    def __init__(
        self,
        address: ObsAddress,
        emit: Callable[[Message], None],
        on_output: Callable[[str, str], None],
        page: str = "",
    ) -> None:
        """Connects.

        Args:
            on_output: told in this thread that "recording" or "streaming" has "started", "paused", ...
            page: address of the overlay page, which OBS shows instead of the text; "": the text.
        """
        self.streaming = False
        self.recording = False
        self._address = address
        self._page = page
        self._emit = emit
        self._on_output = on_output
        self._text = ""
        self._socket: ObsSocket | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._told = False
        self._chapters_refused = False
        self._wait_s = MIN_WAIT_S
        self._thread = threading.Thread(target=self._run, name="OBS", daemon=True)
        self._thread.start()

    def show(self, text: str) -> None:
        """The text from now on, also of an OBS that comes later."""
        with self._lock:
            self._text = text
            if not self._page:
                self._tell(lambda socket: set_text(socket, text))

    def caption(self, text: str) -> None:
        """For viewers of the stream who have captions switched on; OBS sends it on if it streams."""
        with self._lock:
            if self.streaming:
                self._tell(lambda socket: socket.tell("SendStreamCaption", captionText=text))

    def chapter(self, name: str) -> None:
        """In the file that OBS records, where it can have chapters (OBS 30.2, hybrid MP4); else that is told once."""
        with self._lock:
            if self.recording:
                self._tell(lambda socket: socket.tell(CHAPTER, chapterName=name))

    def close(self, patience_s: float) -> None:
        """Ends the connection."""
        self._closing.set()
        with self._lock:
            if self._socket is not None:
                self._socket.close()
        self._thread.join(patience_s)

    def _tell(self, send: Callable[[ObsSocket], object]) -> None:
        from websockets.exceptions import WebSocketException

        if self._socket is not None:
            with suppress(OSError, WebSocketException):  # the thread that reads finds out, too
                send(self._socket)

    # The thread

    def _run(self) -> None:
        from websockets.exceptions import WebSocketException

        while not self._closing.is_set():
            try:
                with connected(self._address) as socket:
                    self._follow(socket)
            except OutputError as error:  # trying again would not help
                self._emit(Failure(error.title, error.message, fatal=False))
                return
            except (OSError, TimeoutError, WebSocketException, RequestFailed) as error:
                self._lost(error)
            finally:
                self._socket = None
            self._closing.wait(self._wait_s)
            self._wait_s = min(2 * self._wait_s, MAX_WAIT_S)

    def _follow(self, socket: ObsSocket) -> None:
        socket.on_refusal = self._refused
        self._place(socket)
        self.recording = bool(socket.ask("GetRecordStatus")["outputActive"])
        self.streaming = bool(socket.ask("GetStreamStatus")["outputActive"])
        with self._lock:
            self._socket = socket
            if not self._page:
                set_text(socket, self._text)  # it may have changed meanwhile
        self._told = False
        self._wait_s = MIN_WAIT_S
        if self._closing.is_set():
            return
        for event in socket.events():
            self._take(event)

    def _place(self, socket: ObsSocket) -> None:
        if self._page:
            place_page(socket, self._address.scene, self._page)
        else:
            place_text(socket, self._address.scene, self._text)

    def _take(self, event: Data) -> None:
        what = OUTPUTS.get(event["eventType"])
        state = STATES.get(event.get("eventData", {}).get("outputState", ""))
        if what is None or state is None:
            return
        if what == "recording":
            self.recording = state != "stopped"
        else:
            self.streaming = state != "stopped"
        self._on_output(what, state)

    def _refused(self, kind: str, code: int) -> None:
        log.info("OBS refuses %s: %d", kind, code)
        if kind == CHAPTER and code != NOT_RUNNING and not self._chapters_refused:
            self._chapters_refused = True
            old = "this OBS is older than 30.2" if code == UNKNOWN_REQUEST else "this recording's format has none"
            fix = "Chapters need OBS 30.2 and Hybrid MP4 (Settings, Output, Recording Format)."
            self._emit(Failure("OBS makes no chapters", f"{old}. {fix}", fatal=False))

    def _lost(self, error: Exception) -> None:
        """Said once, until OBS has been there again."""
        self.recording = False
        self.streaming = False
        log.info("OBS: %s", error)
        if not self._told and not self._closing.is_set():
            self._told = True
            again = "It is tried again until it does. In OBS: Tools, WebSocket Server Settings."
            self._emit(Failure("OBS does not answer", f"{unanswered(self._address, error)} {again}", fatal=False))
