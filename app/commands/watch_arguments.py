"""The options of `courtside watch`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from app.capture.spec import USAGE as SOURCES
from app.commands.control import USAGE
from app.outputs.kinds import add_arguments as add_outputs
from app.personas.folders import find_persona, persona_names
from app.quantities import moment
from core.config import ATTENTIONS, MODES

Option = tuple[str, dict[str, Any]]


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


MODEL = "checkpoint directory or hub id, OWNER/NAME[@REVISION]; the bundled one by default"
IN_PROCESS = "the engine in this process, for a debugger or a profiler: one that crashes is not started again"
START = "begin a video file at that moment of it: seconds, or H:MM:SS"
REPEATS = "leave out of a picture what is less than STEPS of 255 from what was last seen at its place; 0: nothing"
STREAM: tuple[Option, ...] = (
    ("--model", {"metavar": "PATH|ID", "help": MODEL}),
    ("--device", {"metavar": "NAME", "help": "auto, cpu or cuda[:N]"}),
    ("--dtype", {"metavar": "NAME", "help": "auto, float32, bfloat16, fp8"}),
    (
        "--attention",
        {"choices": ATTENTIONS, "help": "implementation over the KV cache; auto: the fastest that is safe here"},
    ),
    ("--mode", {"choices": MODES, "help": "what the cache keeps: streaming, or one of the baselines"}),
    ("--fps", {"type": _positive, "metavar": "F", "help": "frames a second given to the model"}),
    ("--size", {"type": _size, "metavar": "native|WxH", "help": "size of the pictures given to the model"}),
    ("--drop-repeats", {"type": float, "metavar": "STEPS", "help": REPEATS}),
    ("--context", {"metavar": "TEXT", "help": "what is known beforehand: title, names, colours"}),
    ("--query", {"metavar": "TEXT", "help": "the standing request"}),
    ("--sink-tokens", {"type": int, "metavar": "N", "help": "first tokens of the text, kept for ever"}),
    ("--text-window-tokens", {"type": int, "metavar": "N", "help": "last tokens of the text kept (exactly)"}),
    ("--text-rounds", {"type": int, "metavar": "N", "help": "rounds whose words stay in their own turn"}),
    ("--memory-limit-mb", {"type": _positive, "metavar": "MB", "help": "limit for weights and KV cache"}),
    ("--vision-window-s", {"type": _positive, "metavar": "S", "help": "seconds of pictures kept"}),
)
"""What is given of these are settings of the stream, under the names of `core.config.resolve`."""
SAMPLING: tuple[Option, ...] = (
    ("--greedy", {"action": "store_true", "default": None, "help": "always the likeliest token"}),
    ("--seed", {"type": int, "metavar": "N", "help": "the same seed gives the same words"}),
    ("--max-new-tokens", {"type": int, "metavar": "N", "help": "most tokens in one round"}),
    ("--temperature", {"type": float, "metavar": "T", "help": "lower is more predictable"}),
    ("--top-p", {"type": float, "metavar": "P", "help": "choose among the likeliest tokens of mass P"}),
    ("--repetition-penalty", {"type": float, "metavar": "R", "help": "above 1: avoid words of the context"}),
    ("--min-words", {"type": int, "metavar": "N", "help": "fewest words of a spoken line"}),
    ("--max-words", {"type": int, "metavar": "N", "help": "most words of a line"}),
    ("--bad-word", {"dest": "bad_words", "action": "append", "metavar": "WORD", "help": "a word never to be said"}),
    (
        "--silence-threshold",
        {"type": float, "metavar": "P", "help": "silent where silence has at least this probability"},
    ),
    ("--words-per-minute", {"type": _positive, "metavar": "N", "help": "silent while so much was said in a minute"}),
    ("--guard-repeats", {"type": int, "metavar": "N", "help": "repeats of lines before a loop is broken; 0: never"}),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `watch`. Those of the stream stay None unless given, so that a checkpoint's own count."""
    parser.add_argument("source", metavar="SOURCE", help=SOURCES)
    parser.add_argument("--seconds", type=_positive, metavar="S", help="end after S seconds of the source's time")
    parser.add_argument("--start", type=moment, default=0.0, metavar="S", help=START)
    parser.add_argument(
        "--pace", choices=["live", "max"], default="live", help="max: as fast as it goes, nothing dropped"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of text")
    parser.add_argument("--control", action="store_true", help=f"steer it by lines on stdin: {USAGE}")
    parser.add_argument("--persona", metavar="NAME", help=f"who speaks: {', '.join(persona_names())}")
    parser.add_argument("--tokens", action="store_true", help="with --json: the ids sampled, too")
    parser.add_argument("--in-process", action="store_true", help=IN_PROCESS)
    add_outputs(parser)
    add_stream_arguments(parser)


def add_stream_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that are settings of a stream; `given_settings` reads them."""
    stream = parser.add_argument_group("the stream", "What is not given is as the checkpoint was trained for.")
    sampling = parser.add_argument_group("the choice of words")
    names = [group.add_argument(flag, **words).dest for group, flag, words in _options(stream, sampling)]
    parser.set_defaults(stream_settings=tuple(names))


def _options(stream: Any, sampling: Any) -> list[tuple[Any, str, dict[str, Any]]]:
    return [(stream, *option) for option in STREAM] + [(sampling, *option) for option in SAMPLING]


def given_settings(args: argparse.Namespace) -> Mapping[str, Any]:
    """The settings of the stream as `core.config.resolve` takes them; None for what was not given."""
    given = {name: getattr(args, name) for name in args.stream_settings}
    if limit := given.pop("memory_limit_mb"):
        given["memory_limit_bytes"] = int(limit * 1e6)
    if given["bad_words"]:
        given["bad_words"] = tuple(given["bad_words"])
    return given


def with_persona(given: Mapping[str, Any], name: str | None) -> tuple[Mapping[str, Any], str]:
    """The settings with those of a persona, and what is added to what the source knows.

    What was given stays: a request of one's own, other limits. Raises UsageError for a persona that there is not.
    """
    if name is None:
        return given, ""
    persona = find_persona(name)
    own = {setting: value for setting, value in given.items() if value is not None}
    steer = persona.steer(own.get("context", ""), own.get("query", ""), bundled=not own.get("model"))
    settings = {**persona.limits(), **own, "query": steer.query, "persona": persona.name}
    if "context" in own:
        settings["context"] = steer.context
        return settings, ""
    return settings, steer.context or ""
