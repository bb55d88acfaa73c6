"""How an output is asked for, and what it may know of the stream that it is opened for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from app.bridge.frame_selection import TakeFrame
    from app.capture.source_kind import Check
    from app.outputs.output import Output
    from app.settings import Settings
    from core.config import StreamConfig
    from core.messages import Message


def _no_context(text: str) -> None:
    """For a stream whose context stays as it is."""


def _no_frames(take: TakeFrame) -> None:
    """For a stream that has none to give."""


@dataclass(frozen=True, slots=True)
class StreamRun:
    """One stream, as its outputs may know it.

    Attributes:
        spec: the SOURCE as asked for; may hold a password. name: what a person calls the source; never does.
        config: all settings of the stream.
        emit: hands a message to every output of the stream, such as where a page can be seen. From any thread.
        control: does what a line of `watch --control` does. From any thread. Raises UsageError.
        waits: the stream is not live: an output should hold it back rather than drop anything.
        watch_frames: who besides the model gets each frame (`app.bridge.stream.Stream.watch_frames`).
        add_context: what others say goes behind the viewer's context (`app.bridge.stream.Stream.add_context`).
    """

    spec: str
    name: str
    config: StreamConfig
    emit: Callable[[Message], None]
    control: Callable[[str], None]
    waits: bool = False
    watch_frames: Callable[[TakeFrame], None] = _no_frames
    add_context: Callable[[str], None] = _no_context


@dataclass(frozen=True, slots=True)
class OutputKind:
    """One kind of output, as the command line and the settings of the window ask for it.

    Attributes:
        add_arguments: adds its options of `courtside watch` to a group; nothing heavy may be imported for that.
        from_arguments: the output that the options ask for, None when they ask for none. Raises CourtsideError.
        from_settings: the same for the settings of the window.
        checks: its rows of `courtside doctor`.
        table, options: `[outputs.TABLE]` of the settings, and the dataclass that it is read as, if any.
        live: it may be opened and closed while a stream runs.
    """

    add_arguments: Callable[[argparse._ArgumentGroup], None]
    from_arguments: Callable[[argparse.Namespace, StreamRun], Output | None]
    from_settings: Callable[[Settings, StreamRun], Output | None]
    checks: Callable[[], Sequence[Check]] = tuple
    table: str = ""
    options: type | None = None
    live: bool = True
