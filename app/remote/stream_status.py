"""What a stream is doing, in one record: the answer to `courtside ctl status`."""

from __future__ import annotations

import threading
from typing import Any

from core.errors import CourtsideError
from core.messages import CommandSent, Drop, Failure, Finished, Line, Message, Ready, Stats, Steer
from core.output_messages import SpeechSwitched, VoiceGone
from core.source_messages import PrivateWindow, SourceTrouble

BUNDLED_NAME = "bundled"


class StreamStatus:
    """An output that only remembers the latest.

    Attributes:
        paused: whether it was asked to pause; a pause itself begins with the next chunk.
    """

    name = "The status"

    def __init__(self, source: str, model: str, persona: str = "") -> None:
        """`source`: its name as a person may see it. `model`: as it was asked for, until it says its name."""
        self.paused = False
        self._phase = "loading"
        self._lock = threading.Lock()
        self._entry: dict[str, Any] = {
            "source": source,
            "model": model,
            "device": "",
            "persona": persona,
            "age_s": None,
            "lines": 0,
            "rounds": 0,
            "last_line": "",
            "speech": "none",
            "remembers_s": 0.0,
            "frames_dropped": 0,
            "private_window": False,
            "source_trouble": "",
            "error": "",
        }

    def record(self) -> dict[str, Any]:
        """`phase`: loading, live, paused or stopped; `lines`: those spoken.

        `private_window`: nothing is watched, since one can be seen that must not be.
        `source_trouble`: "lost" while the source is away and tried again, "still" while its picture stands.
        `speech`: none, on or off.
        `age_s`: from the last picture of the last round to its first word, None before the first.
        """
        with self._lock:
            phase = "paused" if self.paused and self._phase == "live" else self._phase
            return {"phase": phase, **self._entry}

    def switched(self, source: str) -> None:
        """Another one is watched. The model says its own name."""
        with self._lock:
            self._entry["source"] = source

    def check_voice(self) -> None:
        """Raises CourtsideError where nothing can be spoken."""
        with self._lock:
            if self._entry["speech"] == "none":
                raise CourtsideError(
                    "There is no voice", "start courtside watch with --say, or switch Speech on in Outputs"
                )

    def handle(self, message: Message) -> None:
        with self._lock:
            self._take(message)

    def close(self) -> None:
        pass

    def _take(self, message: Message) -> None:
        entry = self._entry
        match message:
            case SpeechSwitched(on=on):
                entry["speech"] = "on" if on else "off"
            case VoiceGone():
                entry["speech"] = "none"
            case Ready(model=model, device=device):
                entry.update(model=model, device=device)
                self._phase = "live"
            case Line(text=text):
                entry["age_s"] = round(message.shown_at - message.captured_at, 3)
                if text.strip():
                    entry["lines"] += 1
                    entry["last_line"] = text.strip()
            case Stats(remembers_s=remembers_s):
                entry["rounds"] += 1
                entry["remembers_s"] = remembers_s
            case PrivateWindow(visible=visible):
                entry["private_window"] = visible
            case SourceTrouble(trouble=trouble):
                entry["source_trouble"] = trouble
            case Drop(frames=frames):
                entry["frames_dropped"] += frames
            case CommandSent(command=Steer(persona=str(persona))):
                entry["persona"] = persona
            case Failure(title=title, message=text):
                entry["error"] = f"{title}: {text}"
            case Finished():
                self._phase = "stopped"
