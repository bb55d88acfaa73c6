"""Markers for video editors: EDL as DaVinci Resolve and Premiere read it, OpenTimelineIO for the others."""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.library.cues import Stretch, cues, markers
from app.session.events import Session

FRAME_RATE = 30
"""Frames a second of the time codes, non-drop. An editor's timeline must have the same rate for an EDL."""
COLOURS = {"line": ("ResolveColorBlue", "BLUE"), "mark": ("ResolveColorRed", "RED")}
OTHER_COLOUR = ("ResolveColorYellow", "YELLOW")


@dataclass(frozen=True, slots=True)
class _Marked:
    start: float
    end: float
    kind: str
    text: str

    @property
    def frames(self) -> tuple[int, int]:
        """The first frame and how many, at least one."""
        first = round(self.start * FRAME_RATE)
        return first, max(1, round(self.end * FRAME_RATE) - first)


def edl(session: Session, stretch: Stretch) -> str:
    """CMX 3600 with one marker an event."""
    blocks = []
    for number, marked in enumerate(_all(session, stretch), 1):
        first, count = marked.frames
        span = f"{_code(first)} {_code(first + 1)}"
        colour = COLOURS.get(marked.kind, OTHER_COLOUR)[0]
        text = marked.text.replace("|", "\u00a6") or marked.kind
        blocks.append(f"{number:03}  001      V     C        {span} {span}\n |C:{colour} |M:{text} |D:{count}\n")
    title = " ".join(session.title.split())
    return "\n".join([f"TITLE: {title}\nFCM: NON-DROP FRAME\n", *blocks])


def otio(session: Session, stretch: Stretch) -> str:
    """A timeline of one empty track as long as the session, with the markers on its stack."""
    found = _all(session, stretch)
    length = max((sum(marked.frames) for marked in found), default=1)
    gap = {"OTIO_SCHEMA": "Gap.1", "name": "", "metadata": {}, "effects": [], "markers": [], "enabled": True}
    gap["source_range"] = _range(0, length)
    common: dict[str, object] = {"metadata": {}, "effects": [], "source_range": None, "enabled": True}
    track = {"OTIO_SCHEMA": "Track.1", "name": "Courtside", "kind": "Video", **common, "markers": [], "children": [gap]}
    stack = {"OTIO_SCHEMA": "Stack.1", "name": "tracks", **common, "children": [track]}
    stack["markers"] = [_marker(marked) for marked in found]
    made: dict[str, object] = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": session.title,
        "metadata": {},
        "global_start_time": None,
    }
    return json.dumps({**made, "tracks": stack}, ensure_ascii=False, indent=1) + "\n"


def _marker(marked: _Marked) -> dict[str, object]:
    first, count = marked.frames
    colour = COLOURS.get(marked.kind, OTHER_COLOUR)[1]
    shown = {"name": marked.text or marked.kind, "color": colour, "marked_range": _range(first, count)}
    return {"OTIO_SCHEMA": "Marker.2", "metadata": {"courtside": {"kind": marked.kind}}, **shown}


def _range(first: int, count: int) -> dict[str, object]:
    def time(frames: int) -> dict[str, object]:
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(FRAME_RATE), "value": float(frames)}

    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(first), "duration": time(count)}


def _all(session: Session, stretch: Stretch) -> list[_Marked]:
    found = [_Marked(cue.start, cue.end, "line", cue.flat) for cue in cues(session, stretch)]
    found += [_Marked(mark.at, mark.at, mark.kind, mark.text) for mark in markers(session, stretch)]
    return sorted(found, key=lambda marked: marked.start)


def _code(frames: int) -> str:
    seconds, frame = divmod(frames, FRAME_RATE)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}:{frame:02}"
