"""`courtside watch` as `courtside ctl` steers it."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.capture.seeking import STEPS, seek
from app.personas.folders import find_persona
from app.remote.address import supported
from app.remote.server import Server
from app.remote.stream_status import StreamStatus
from app.remote.wire import Request
from app.session.records import clock
from core.errors import CourtsideError
from core.messages import Adjust, Ask

if TYPE_CHECKING:
    from app.bridge.stream import Stream

log = logging.getLogger(__name__)


class WatchRemote:
    """Listens for as long as the stream runs; where no socket can be made, the stream runs without.

    Attributes:
        status: an output of that stream.
    """

    def __init__(self, stream: Stream, status: StreamStatus, known: str, *, bundled: bool) -> None:
        """`known`: what a persona is told beforehand. `bundled`: whether the bundled model speaks."""
        self.status = status
        self._known = known
        self._bundled = bundled
        self._stream = stream
        self._server = Server(f"watch-{os.getpid()}", self.answer) if supported() else None

    def open(self) -> None:
        if self._server is None:
            return
        try:
            self._server.open()
        except CourtsideError as error:
            log.info("courtside ctl cannot reach this: %s", error)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def answer(self, request: Request) -> Mapping[str, Any]:
        """Does what was asked for. Raises CourtsideError."""
        match request.action:
            case "pause":
                return self._pause(True)
            case "resume":
                return self._pause(False)
            case "toggle-pause":
                return self._pause(not self.status.paused)
            case "panic":
                self._stream.panic()
                self.status.paused = True
                return {"said": "cleared and paused"}
            case "mark":
                self._stream.mark()
                return {"said": "marked"}
            case "back" | "forward":
                return self._seek(STEPS[request.action])
            case "seek":
                return self._seek(request.text)
            case "ask":
                self._stream.send(Ask(request.text))
                return {"said": "asked"}
            case "persona":
                persona = find_persona(request.text)
                self._stream.send(persona.steer(self._known, bundled=self._bundled))
                self._stream.send(Adjust(persona.limits()))
                return {"said": f"{persona.name} speaks"}
            case "say":
                self.status.check_voice()
                self._stream.switch_speech(request.text == "on")
                return {"said": f"speech {request.text}"}
            case "status":
                return {"kind": "watch", "pid": os.getpid(), **self.status.record()}
        raise CourtsideError("Not without the window", f"courtside watch cannot do “{request.action}”")

    def _seek(self, text: str) -> Mapping[str, Any]:
        return {"said": f"at {clock(seek(self._stream.film, text))} of the film"}

    def _pause(self, paused: bool) -> Mapping[str, Any]:
        if paused:
            self._stream.pause()
        else:
            self._stream.resume()
        self.status.paused = paused
        return {"said": "paused" if paused else "resumed"}
