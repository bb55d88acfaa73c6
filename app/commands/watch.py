"""`courtside watch`: commentary on stdout, without a window."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from app.commands.control import read_commands, steer
from app.commands.watch_arguments import given_settings, with_persona
from app.commands.watch_remote import WatchRemote
from app.outputs.fanout import Fanout
from app.outputs.json_printer import JsonPrinter, print_record
from app.outputs.kinds import add_from_arguments
from app.outputs.output_kind import StreamRun
from app.outputs.standard_streams import give_up_stdout, to_stderr
from app.outputs.text_printer import TextPrinter
from app.remote.stream_status import BUNDLED_NAME, StreamStatus
from app.session.records import record
from core.closing_deadline import ClosingDeadline
from core.errors import CheckpointError, CourtsideError
from core.messages import Failure
from core.parent_process import ending_signals

if TYPE_CHECKING:
    from app.bridge.stream import Stream
    from app.capture.source import Source
    from app.outputs.queued_output import QueuedOutput
    from core.config import StreamConfig
    from core.engine.host import Host

RECORDED_FPS = 30
LOADING_MAY_TAKE_S = 2.0
"""How long Ctrl-C waits for a model that is still loading; nothing is lost after that."""


def run(args: argparse.Namespace) -> int:
    """Watch until the source ends, `--seconds` are over or Ctrl-C. Raises what ended it early."""
    with interruptible():
        _watch(args)
    return 0


def _watch(args: argparse.Namespace) -> None:
    source, config = _prepared(args)
    from app.bridge.stream import Stream

    elsewhere = False

    def reader_gone() -> None:
        """With nobody else to comment for there is nothing left to do."""
        if not elsewhere:
            stream.request_stop()
            return
        give_up_stdout()
        to_stderr("courtside: nobody reads stdout any more; the rest goes on")

    printer = _printer(args, config, reader_gone)
    outputs = Fanout([printer])
    if sys.stderr.isatty():
        from app.outputs.download_progress import DownloadProgress

        outputs.add(DownloadProgress(config.model))
    stream = Stream(
        source, _host(args, config), config, on_message=outputs.handle, pace=args.pace, seconds=args.seconds
    )
    remote = WatchRemote(
        stream,
        StreamStatus(source.name, config.model or BUNDLED_NAME, config.persona),
        source.context if args.context is None else args.context,
        bundled=not config.model,
    )
    outputs.add(remote.status)
    try:
        remote.open()
        run = _run_of(args, source, config, outputs, stream)
        elsewhere = add_from_arguments(outputs, args, run)
        if args.control:
            read_commands(lambda line: _steer(line, stream))
        run_until_interrupted(stream)
    finally:
        remote.close()
        outputs.close()
    if printer.stuck:  # Python would wait for the thread that waits for a reader
        os._exit(stream.error.exit_status if stream.error is not None else 0)
    if stream.error is not None:
        raise stream.error


def _host(args: argparse.Namespace, config: StreamConfig) -> Host:
    """Where the engine runs."""
    if args.in_process:
        from core.engine.host import InlineHost

        return InlineHost(config)
    from app.engine_host import supervised_host

    return supervised_host(config)


def _run_of(
    args: argparse.Namespace, source: Source, config: StreamConfig, outputs: Fanout, stream: Stream
) -> StreamRun:
    """What the outputs may know of the stream."""
    waits = args.pace == "max"
    steered = partial(steer, stream)
    frames = stream.watch_frames
    context = stream.add_context
    return StreamRun(args.source, source.name, config, outputs.handle, steered, waits, frames, context)


def _prepared(args: argparse.Namespace) -> tuple[Source, StreamConfig]:
    """What the options ask for, not yet opened. Raises CheckpointError, SourceError or UsageError."""
    from app.capture.source import CaptureOptions
    from app.session.prepare import prepare
    from app.settings import ignore_list
    from app.settings_file import SettingsFile

    try:
        given, context = with_persona(given_settings(args), args.persona)
        settings, _ = SettingsFile().load()
        ignored = partial(ignore_list, settings)
        preview_fps = RECORDED_FPS if args.record else 0
        capture = CaptureOptions(
            pace=args.pace, preview_fps=preview_fps, begin_s=args.start, sound=args.record, ignored=ignored
        )
        return prepare(args.source, given, capture, context)
    except CheckpointError as error:
        if args.json:
            print_record(record(Failure(error.title, error.message)) or {})
        raise


def _printer(args: argparse.Namespace, config: StreamConfig, on_reader_gone: Callable[[], None]) -> QueuedOutput:
    waits = args.pace == "max"
    if args.json:
        return JsonPrinter(on_reader_gone, tokens=args.tokens, repeats=config.drop_repeats > 0, waits=waits)
    return TextPrinter(on_reader_gone, waits=waits)


def _steer(line: str, stream: Stream) -> None:
    try:
        steer(stream, line)
    except CourtsideError as error:
        to_stderr(f"courtside: {error}")


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a terminal that closes are no errors here.

    A shell that starts a command in the background has it ignore Ctrl-C's signal; we listen to it all the same.
    """
    before = {number: signal.signal(number, signal.default_int_handler) for number in ending_signals()}
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_until_interrupted(stream: Stream) -> None:
    """Run the stream to its end. The first interrupt ends it after the round in progress."""
    try:
        stream.start()
        stream.join()
    except KeyboardInterrupt:
        patience = None if stream.ready else LOADING_MAY_TAKE_S
        with ClosingDeadline():
            stream.request_stop()
            stream.join(patience)
