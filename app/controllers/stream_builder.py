"""A stream as the settings of the window ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.bridge.stream import Stream
from app.capture.source import CaptureExclusions, CaptureOptions
from app.commands.control import steer
from app.engine_host import supervised_host
from app.kept_secrets import recall_secret
from app.outputs.chosen_outputs import ChosenOutputs
from app.outputs.fanout import Fanout
from app.outputs.output_kind import StreamRun
from app.personas.folders import find_persona
from app.session.prepare import prepare
from app.settings import Settings
from core.errors import UsageError

if TYPE_CHECKING:
    from app.capture.source import Source
    from core.config import StreamConfig

Build = Callable[[Settings, CaptureExclusions, ChosenOutputs], Stream]
Continue = Callable[[Settings, CaptureExclusions, Fanout, Stream], Stream]


def build_stream(settings: Settings, exclusions: CaptureExclusions, outputs: ChosenOutputs) -> Stream:
    """A stream not yet started: its source, the engine in a child process, and the outputs that the settings ask for.

    Raises CourtsideError when the settings ask for something impossible.
    """
    source, config = _prepared(settings, exclusions)
    stream = Stream(source, supervised_host(config), config, on_message=outputs.handle, source_context=source.context)
    name = source.name
    watch_frames = stream.watch_frames

    def steered(line: str) -> None:
        steer(stream.current, line)

    def add_context(text: str) -> None:
        stream.current.add_context(text)

    run = StreamRun(
        settings.source,
        name,
        config,
        outputs.handle,
        steered,
        watch_frames=watch_frames,
        add_context=add_context,
    )
    outputs.open(settings, run)
    return stream


def continue_stream(settings: Settings, exclusions: CaptureExclusions, outputs: Fanout, before: Stream) -> Stream:
    """One with another source or model in the place of `before`, which has ended then: it goes on with its words, its
    clock, its session and its outputs. Raises as `build_stream`, and leaves `before` running.
    """
    source, config = _prepared(settings, exclusions)
    earlier = before.suspend()
    host = supervised_host(config, earlier.memory, earlier.rounds)
    emit = outputs.handle
    stream = Stream(source, host, config, on_message=emit, source_context=source.context, earlier=earlier)
    before.succeeded_by(stream)
    return stream


def _prepared(settings: Settings, exclusions: CaptureExclusions) -> tuple[Source, StreamConfig]:
    """The source, not yet opened, and the settings of the stream."""
    limit = settings.memory_limit_mb
    given = {
        "model": settings.model or None,
        "query": settings.query or None,
        "words_per_minute": settings.words_per_minute,
        "silence_threshold": settings.silence_threshold,
        "memory_limit_bytes": None if limit is None else limit * 1_000_000,
        "drop_repeats": settings.drop_repeats,
        "dtype": settings.dtype,
        "fps": settings.fps,
        "size": picture_size(settings.size),
        "vision_window_s": settings.vision_window_s,
    }
    context = settings.context
    if settings.persona:
        persona = find_persona(settings.persona)
        steer_by = persona.steer(context, settings.query, bundled=not settings.model)
        given |= {"query": steer_by.query, "persona": persona.name, **persona.bans()}
        context = steer_by.context or ""
    capture = CaptureOptions(
        camera_size=settings.camera_size,
        camera_fps=settings.camera_fps,
        file_speed=settings.file_speed,
        begin_s=settings.file_start_s,
        sound=settings.record,
        own_windows=exclusions.own_windows,
        ignored=exclusions.ignored,
    )
    return prepare(recall_secret(settings.source), given, capture, context)


def picture_size(text: str) -> str | tuple[int, int] | None:
    """(width, height) of WxH, "native", None of "". Raises UsageError for anything else."""
    width, x, height = text.partition("x")
    if text in ("", "native"):
        return text or None
    if not (x and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise UsageError("Impossible setting", f"size is WxH as in 448x252, or native; not “{text}”")
    return int(width), int(height)
