"""Watching a session's footage again with other settings, at full pace, into a session of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.capture.source import CaptureOptions, Source, SourceNotice
from app.capture.spec import open_source, shows_again
from app.capture.wrapped_source import WrappedSource
from app.library.film import video_of
from app.library.other_persona import spoken_by
from app.session.events import Session
from app.session.recorder import Recorder
from app.session.records import Record
from app.session.session_name import changed, rerun_name, stretch_name
from core.config import CacheConfig, SamplingConfig, StreamConfig
from core.errors import SessionError
from core.messages import Ask, Command, Gap, Line, Message, Steer
from core.model.hub import stream_config
from core.video.chunker import ROUNDING_S

if TYPE_CHECKING:
    from app.bridge.stream import Stream
    from core.engine.host import Host
    from core.types import Frame

OF_THE_MODEL = {"size", "cache", "sampling", "device", "dtype", "fps", "chunk_s"}
"""Settings that another model brings itself."""
NOT_ASKED_FOR = "before the stretch"


@dataclass(frozen=True, slots=True)
class Rerun:
    """What is to be watched again.

    Attributes:
        spec: the source, as on the command line. config: of the new stream.
        start, until: source seconds; until None: to the session's end.
        commands: what was asked and told then, and from which source second on.
        origin: the folder's name of the session. name: what the new one is called.
        told: what the new one's settings tell of it besides.
    """

    spec: str
    config: StreamConfig
    start: float
    until: float
    commands: tuple[tuple[float, Command], ...]
    origin: str
    name: str
    told: Record


def planned(
    session: Session,
    changes: Mapping[str, Any],
    start: float = 0.0,
    until: float | None = None,
    persona: str | None = None,
) -> Rerun:
    """A rerun with `changes` (flat names, as for `core.config.resolve`) to what the session had.

    `persona`: another one speaks, "" for none; what the earlier one brought goes.

    Raises SessionError for footage that cannot be had again, UsageError or CheckpointError for changes without sense.
    """
    ends = [event["end"] for event in session.events if event["type"] == "line"]
    if not ends:
        raise SessionError("Nothing to run again", f"{session.folder.name} has not one round")
    asked = {name: value for name, value in changes.items() if value is not None}
    own = _given(session.settings, other_model="model" in asked)
    given = {**own, **asked} if persona is None else spoken_by(persona, own, asked)
    config = stream_config(given)
    end = min(max(ends), until) if until is not None else max(ends)
    if start >= end:
        raise SessionError("Nothing to run again", f"the stretch ends before it begins: the session has {end:.0f} s")
    commands = tuple(_commands(session, start, keep_personas=persona is None))
    told = _told(session, {**asked, **({} if persona is None else {"persona": persona})})
    stretch = stretch_name(start, None if until is None else end)
    name = rerun_name(told["rerun_of"], told["rerun_with"], stretch)
    return Rerun(footage(session), config, start, end, commands, session.folder.name, name, told)


def footage(session: Session) -> str:
    """The SOURCE that shows what the session saw. Raises SessionError where nothing does."""
    video = video_of(session)
    if video is not None and video.parent == session.folder:
        return str(video)
    spec = session.settings.get("source")
    if session.jumps and isinstance(spec, str):
        raise SessionError(
            "Nothing to run again", f"{spec} was not watched from start to end, and no video was recorded"
        )
    if isinstance(spec, str) and shows_again(spec):
        return spec
    raise SessionError("Nothing to run again", f"{spec or 'its source'} is no longer there, and no video was recorded")


def recorder(rerun: Rerun, root: Path, tell: Callable[[Message], None]) -> Recorder:
    """The session that the rerun is recorded in; it names its origin. `tell`: see there. Raises SessionError."""
    origin = {"origin": rerun.origin, "origin_from": rerun.start, "origin_until": rerun.until}
    return Recorder(root, rerun.name, {"source": rerun.spec, **origin, **rerun.told, **asdict(rerun.config)}, tell)


def stream(rerun: Rerun, host: Host, hear: Callable[[Message], None]) -> Stream:
    """The stream, not yet begun. `host`: made for `rerun.config`. `hear` gets its messages. Raises CourtsideError."""
    from app.bridge.stream import Stream

    config = rerun.config
    waiting = deque(rerun.commands)

    def hear_and_send(message: Message) -> None:
        if isinstance(message, Gap) and message.start == 0 and message.end <= rerun.start + config.chunk_s:
            message = replace(message, reason=NOT_ASKED_FOR)
        hear(message)
        while isinstance(message, Line) and waiting and waiting[0][0] <= message.end:
            made.send(waiting.popleft()[1])

    source = open_source(rerun.spec, CaptureOptions(fps=config.fps, pace="max", preview_fps=0))
    stretch = _From(source, rerun.start)
    made = Stream(stretch, host, config, on_message=hear_and_send, pace="max", seconds=rerun.until)
    return made


def _told(session: Session, asked: Mapping[str, Any]) -> Record:
    """What is watched again and with what, counted from the first session where this one is a rerun already."""
    settings = session.settings
    earlier = settings.get("rerun_with")
    changes = changed(asked, {"model": "", "persona": "", **_given(settings, other_model=False)})
    return {
        "rerun_of": settings.get("rerun_of") or session.title,
        "rerun_with": {**(earlier if isinstance(earlier, dict) else {}), **changes},
        "rerun_source": settings.get("rerun_source") or settings.get("source"),
    }


def _given(settings: Record, *, other_model: bool) -> dict[str, Any]:
    """The session's own settings by flat names; those of its model only where that stays."""
    own = {name: settings[name] for name in (f.name for f in fields(StreamConfig)) if name in settings}
    if other_model:
        own = {name: value for name, value in own.items() if name not in OF_THE_MODEL}
    flat = {name: value for name, value in own.items() if name not in ("cache", "sampling")}
    for part, known in (("cache", CacheConfig), ("sampling", SamplingConfig)):
        inside = own.get(part)
        if isinstance(inside, dict):
            flat.update({f.name: inside[f.name] for f in fields(known) if f.name in inside})
    return {name: tuple(value) if isinstance(value, list) else value for name, value in flat.items()}


def _commands(session: Session, start: float, *, keep_personas: bool) -> list[tuple[float, Command]]:
    """Questions and what was told, each with the end of the round before it; with or without changes of the persona."""
    found: list[tuple[float, Command]] = []
    reached = 0.0
    for event in session.events:
        if event["type"] == "line":
            reached = event["end"]
        elif event["type"] == "question" and reached >= start:
            found.append((reached, Ask(event["text"])))
        elif event["type"] == "steer" and (keep_personas or not event.get("persona")):
            found.append((max(reached, start), Steer(event.get("query"), event.get("context"))))
    return found


class _From(WrappedSource):
    """A source whose frames before the source second `start` are passed over."""

    def __init__(self, source: Source, start: float) -> None:
        super().__init__(source)
        self._start = start

    def read(self) -> Frame | SourceNotice | None:
        while (frame := self._source.read()) is not None:
            if isinstance(frame, SourceNotice) or frame.media_time >= self._start - ROUNDING_S:
                return frame
        return None
