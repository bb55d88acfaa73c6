"""From what was asked for to a source and the settings of its stream: the one place where the two meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.capture.source import SeekableSource, joined_context
from app.capture.spec import open_source
from core.errors import UsageError
from core.model.hub import stream_config

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions, Source
    from core.config import StreamConfig


def prepare(
    spec: str, given: Mapping[str, Any], capture: CaptureOptions, added_context: str = ""
) -> tuple[Source, StreamConfig]:
    """The source that `spec` names, not yet opened, and the settings of a stream from it.

    `given`: flat names of `core.config.resolve`; those of the checkpoint stand between them and the defaults. Where
    they have no `context`, it is what the source knows and then `added_context`. `capture.fps` is set to that of the
    stream. Raises UsageError, SourceError or CheckpointError.
    """
    config = stream_config(given)
    source = open_source(spec, replace(capture, fps=config.fps))
    if capture.begin_s and not isinstance(source, SeekableSource):
        raise UsageError("Nothing to start later", f"{source.name} has no moments to begin at; a video file has")
    if given.get("context") is None:
        config = replace(config, context=joined_context(source.context, added_context))
    return source, config
