"""What keys, tray, buttons and `courtside ctl` make the window do: one place for each action."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.capture.seeking import STEPS, seek
from app.remote.stream_status import BUNDLED_NAME
from app.session.records import clock
from core.errors import CourtsideError
from core.messages import Ask

if TYPE_CHECKING:
    from app.main import Courtside


class Steering:
    """Performs the actions of `app.remote.actions` in the window, in the GUI thread."""

    def __init__(self, courtside: Courtside) -> None:
        self._courtside = courtside

    def perform(self, name: str, text: str = "") -> Mapping[str, Any]:
        """What was done, as `said`, or the status. Raises CourtsideError when it cannot be done now."""
        courtside = self._courtside
        match name:
            case "pause" | "resume":
                return self._pause(name == "pause")
            case "toggle-pause":
                return self._pause(not courtside.paused)
            case "show" | "hide":
                return self._show(name == "show")
            case "toggle-captions":
                return self._show(not courtside.overlay.isVisible())
            case "panic":
                courtside.panic()
                return {"said": "cleared, hidden and paused"}
            case "mark":
                self._running()
                courtside.mark()
                return {"said": "marked"}
            case "back" | "forward":
                return self._seek(STEPS[name])
            case "seek":
                return self._seek(text)
            case "ask":
                return self._ask(text)
            case "persona":
                courtside.window.commentator.persona.choose(text)
                return {"said": f"{text} speaks"}
            case "say":
                return self._say(text)
            case "listen":
                return self._listen(text == "on")
            case "raise":
                courtside.window.bring_to_front()
                return {"said": "in front"}
            case "status":
                return self._status()
        raise CourtsideError("Not there yet", f"this window cannot do “{name}”")

    def _pause(self, paused: bool) -> Mapping[str, Any]:
        self._running()
        self._courtside.pause(paused)
        return {"said": "paused" if paused else "resumed"}

    def _seek(self, text: str) -> Mapping[str, Any]:
        self._running()
        session = self._courtside.session
        return {"said": f"at {clock(seek(session.film if session is not None else None, text))} of the film"}

    def _show(self, shown: bool) -> Mapping[str, Any]:
        self._courtside.captions.choose(shown)
        return {"said": "captions shown" if shown else "captions hidden"}

    def _ask(self, text: str) -> Mapping[str, Any]:
        self._running()
        self._courtside.send(Ask(text))
        return {"said": "asked"}

    def _say(self, text: str) -> Mapping[str, Any]:
        self._running()
        courtside = self._courtside
        if courtside.status is not None and courtside.session is not None:
            courtside.status.check_voice()
            courtside.session.switch_speech(text == "on")
        return {"said": f"speech {text}"}

    def _listen(self, on: bool) -> Mapping[str, Any]:
        spoken = self._courtside.outside.spoken_question
        if on:
            spoken.begin()
        else:
            spoken.end()
        return {"said": "listening" if on else "understood soon"}

    def _status(self) -> Mapping[str, Any]:
        courtside = self._courtside
        settings = courtside.window.current_settings(courtside.settings)
        idle = {"source": settings.source, "model": settings.model or BUNDLED_NAME}
        stream = courtside.status.record() if courtside.status is not None else idle
        phase = courtside.window.phase.name.lower()
        own: dict[str, Any] = {"phase": phase, "persona": settings.persona, "captions": courtside.overlay.isVisible()}
        if courtside.session is not None and (film := courtside.session.film) is not None:
            own |= {"film_s": round(film.position, 1), "film_lasts_s": film.duration}
        return {"kind": "window", "pid": os.getpid(), **stream, **own}

    def _running(self) -> None:
        """Raises CourtsideError while nothing is watched."""
        if not self._courtside.window.phase.running:
            raise CourtsideError("Nothing is watched", "press Start in the window first")
