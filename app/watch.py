"""`courtside watch`: commentary on stdout, without a window."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.capture.source import CaptureOptions
from app.capture.spec import FORMS as SOURCES
from app.capture.spec import open_source
from app.control import USAGE, execute, read_commands
from app.session.recorder import Recorder, recording
from app.session.records import REPEATS_SHOWN, STATS_SHOWN, clock, record
from core.config import MODES, StreamConfig, resolve
from core.errors import CheckpointError, CourtsideError
from core.messages import Degraded, Failure, Finished, Line, Loading, Message, Paused, Ready, Resumed
from core.model.hub import settings_folder

if TYPE_CHECKING:
    from app.bridge.stream import Stream
    from app.capture.source import Source
    from app.session.recorded_stream import RecordedStream

NOT_SETTINGS = {"run", "source", "seconds", "pace", "tokens", "session", "json", "control"}
"""Options of `watch` that are no settings of the stream."""
LOADING_MAY_TAKE_S = 5.0
"""How long Ctrl-C waits for a model that is still loading; nothing is lost after that."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `watch`. Those of the stream stay None unless given, so that a checkpoint's own count."""
    parser.add_argument("source", metavar="SOURCE", help=SOURCES)
    parser.add_argument("--seconds", type=_positive, metavar="S", help="end after S seconds of the source's time")
    parser.add_argument(
        "--pace", choices=["live", "max"], default="live", help="max: as fast as it goes, nothing dropped"
    )
    parser.add_argument("--session", type=Path, metavar="DIR", help="record a session in a new folder inside DIR")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    parser.add_argument("--control", action="store_true", help=f"steer it by lines on stdin: {USAGE}")
    parser.add_argument("--tokens", action="store_true", help="with --json: the ids sampled, too")
    stream = parser.add_argument_group("the stream", "What is not given is as the checkpoint was trained for.")
    stream.add_argument(
        "--model",
        metavar="PATH|ID",
        help="checkpoint directory or hub id, OWNER/NAME[@REVISION]; the bundled one by default",
    )
    stream.add_argument("--device", metavar="NAME", help="auto, cpu or cuda[:N]")
    stream.add_argument("--dtype", metavar="NAME", help="auto, float32, bfloat16, fp8")
    stream.add_argument("--mode", choices=MODES, help="what the cache keeps: streaming, or one of the baselines")
    stream.add_argument("--fps", type=_positive, metavar="F", help="frames a second given to the model")
    stream.add_argument("--size", type=_size, metavar="native|WxH", help="size of the pictures given to the model")
    stream.add_argument(
        "--drop-repeats",
        type=float,
        metavar="STEPS",
        help="leave out of a picture what is less than STEPS of 255 from what was last seen at its place; 0: nothing",
    )
    stream.add_argument("--context", metavar="TEXT", help="what is known beforehand: title, names, colours")
    stream.add_argument("--query", metavar="TEXT", help="the standing request")
    stream.add_argument("--sink-tokens", type=int, metavar="N", help="first tokens of the text, kept for ever")
    stream.add_argument("--text-window-tokens", type=int, metavar="N", help="last tokens of the text kept (exactly)")
    stream.add_argument("--text-rounds", type=int, metavar="N", help="rounds whose words stay in their own turn")
    stream.add_argument("--memory-limit-mb", type=_positive, metavar="MB", help="ceiling for weights and KV cache")
    stream.add_argument("--vision-window-s", type=_positive, metavar="S", help="seconds of pictures kept")
    sampling = parser.add_argument_group("the choice of words")
    sampling.add_argument("--greedy", action="store_true", default=None, help="always the likeliest token")
    sampling.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same words")
    sampling.add_argument("--max-new-tokens", type=int, metavar="N", help="most tokens in one round")
    sampling.add_argument("--temperature", type=float, metavar="T", help="lower is more predictable")
    sampling.add_argument("--top-p", type=float, metavar="P", help="choose among the likeliest tokens of mass P")
    sampling.add_argument("--repetition-penalty", type=float, metavar="R", help="above 1: avoid words of the context")
    sampling.add_argument("--min-words", type=int, metavar="N", help="fewest words of a spoken line")
    sampling.add_argument("--max-words", type=int, metavar="N", help="most words of a line")
    sampling.add_argument("--bad-word", dest="bad_words", action="append", metavar="WORD", help="never said")
    sampling.add_argument("--silence-threshold", type=float, metavar="P", help="silent when its probability is P")
    sampling.add_argument("--words-per-minute", type=_positive, metavar="N", help="silent once this much was said")
    sampling.add_argument("--guard-repeats", type=int, metavar="N", help="turns before a loop is broken; 0: never")


def _positive(text: str) -> float:
    with suppress(ValueError):
        if 0 < (value := float(text)) < float("inf"):
            return value
    raise argparse.ArgumentTypeError(f"{text} is not a number above 0")


def _size(text: str) -> str | tuple[int, int]:
    if text == "native":
        return text
    width, x, height = text.partition("x")
    if not (x and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is neither native nor WxH, as in 448x224")
    return int(width), int(height)


def run(args: argparse.Namespace) -> int:
    """Watch until the source ends, `--seconds` are over or Ctrl-C. Raises what ended it early."""
    with _interruptible():
        _watch(args)
    return 0


def _prepared(args: argparse.Namespace) -> tuple[Source, StreamConfig]:
    """What the options ask for, not yet opened. Raises CheckpointError or UsageError."""
    given = {name: value for name, value in vars(args).items() if name not in NOT_SETTINGS}
    if limit := given.pop("memory_limit_mb"):
        given["memory_limit_bytes"] = int(limit * 1e6)
    if args.bad_words:
        given["bad_words"] = tuple(args.bad_words)
    try:
        trained_for = settings_folder(given["model"] or "")
        fps = resolve(given, trained_for).fps
    except CheckpointError as error:
        if args.json:
            JsonPrinter().say(Failure(error.title, error.message))
        raise
    source = open_source(args.source, CaptureOptions(fps=fps, pace=args.pace, preview_fps=fps))
    if args.context is None:
        given["context"] = source.context
    return source, resolve(given, trained_for)


def _watch(args: argparse.Namespace) -> None:
    source, config = _prepared(args)
    from app.bridge.stream import Stream
    from app.session.recorded_stream import RecordedStream
    from core.engine.host import InlineHost

    printer = JsonPrinter(tokens=args.tokens, repeats=config.drop_repeats > 0) if args.json else TextPrinter()
    progress = ProgressLine(config.model)

    def say(message: Message) -> None:
        progress.say(message)
        try:
            printer.say(message)
        except BrokenPipeError:  # whoever read the lines has gone
            stream.request_stop()

    recorder = None if args.session is None else _recorder(args.session, source.name, config)
    recorded = say if recorder is None else recording(recorder, say)
    stream = Stream(source, InlineHost(config), config, on_message=recorded, pace=args.pace, seconds=args.seconds)
    if args.control:
        read_commands(lambda line: _execute(line, RecordedStream(stream, recorder)))
    _run_until_interrupted(stream)
    if stream.error is not None:
        raise stream.error


def _recorder(root: Path, name: str, config: StreamConfig) -> Recorder:
    return Recorder(root, name, {"source": name, **asdict(config)})


def _execute(line: str, recorded: RecordedStream) -> None:
    try:
        execute(line, recorded)
    except CourtsideError as error:
        _to_stderr(f"courtside: {error}")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C and SIGTERM are no errors here.

    A shell that starts a command in the background has it ignore Ctrl-C's signal; we listen to it all the same.
    """
    before = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run_until_interrupted(stream: Stream) -> None:
    """Run the stream to its end. The first interrupt ends it after the round in progress."""
    try:
        stream.start()
        stream.join()
    except KeyboardInterrupt:
        patience = None if stream.ready else LOADING_MAY_TAKE_S
        stream.request_stop()
        stream.join(patience)


class ProgressLine:
    """How far a download is: one line on stderr, written again and again, on a terminal only."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._shown = False
        self._terminal = sys.stderr.isatty()

    def say(self, message: Message) -> None:
        """Show a Loading; anything else ends the line."""
        if not self._terminal:
            return
        if isinstance(message, Loading) and message.stage == "downloading":
            start = "\r\x1b[K" if self._shown else self._announcement(message)
            done = message.done_bytes / 1e9
            total = message.total_bytes / 1e9
            print(f"{start}{done:.2f} of {total:.2f} GB", end="", file=sys.stderr, flush=True)
            self._shown = True
        elif self._shown:
            _to_stderr("")
            self._shown = False

    def _announcement(self, loading: Loading) -> str:
        missing = (loading.total_bytes - loading.done_bytes) / 1e9
        return f"Downloading {self._model}: {missing:.2f} GB to fetch, {loading.free_bytes / 1e9:.2f} GB free\n"


class JsonPrinter:
    """One object a line on stdout, and nothing else."""

    def __init__(self, *, tokens: bool = False, repeats: bool = False) -> None:
        """tokens: the ids of each line, too. repeats: how many tokens each round left out."""
        self._tokens = tokens
        self._stats = (*STATS_SHOWN, *(REPEATS_SHOWN if repeats else ()))

    def say(self, message: Message) -> None:
        """Print what a reader of stdout should see of it. Raises BrokenPipeError."""
        entry = record(message)
        if entry is None:
            return
        if entry["type"] == "stats":
            entry = {name: entry[name] for name in self._stats}
        elif entry["type"] == "line" and not self._tokens:
            del entry["tokens"]
        print(json.dumps(entry, ensure_ascii=False), flush=True)


class TextPrinter:
    """Commentary on stdout; the rest on stderr, where loading and the summary show only on a terminal."""

    def __init__(self) -> None:
        self._status: Callable[[str], Any] = _to_stderr if sys.stderr.isatty() else lambda text: None
        self._dim = ("\x1b[2m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
        self._status("Loading the model ...")

    def say(self, message: Message) -> None:
        """Print what a reader of stdout or stderr should see of it. Raises BrokenPipeError."""
        match message:
            case Line(text=text) if text:
                print(f"{self._dim[0]}{clock(message.start)}{self._dim[1]}  {text}", flush=True)
            case Ready():
                size = f"{message.parameters / 1e6:.1f} M parameters"
                self._status(
                    f"{message.model} on {message.device} ({message.dtype}, {size}) after {message.load_s:.1f} s"
                )
            case Paused(at=at):
                _to_stderr(f"courtside: paused at {clock(at)}")
            case Resumed(at=at):
                _to_stderr(f"courtside: resumed at {clock(at)}")
            case Degraded(what=what, recovered=recovered):
                _to_stderr(f"courtside: memory ceiling: using {what}{' again' if recovered else ''}")
            case Failure(fatal=False):
                _to_stderr(f"courtside: {message.title}: {message.message}")
            case Finished():
                self._status(f"{message.rounds} rounds")


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
