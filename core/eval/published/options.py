"""The options that the published benchmarks share. Loads nothing heavy."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.chat.options import add_request_options
from core.config import MODES
from core.option_values import count, not_negative, positive

RUNS = ("infinite", "chunked")
EFFICIENCY_MODES = ("streaming", "window", "recompute", "full")


def common(parser: argparse.ArgumentParser, layout: str) -> None:
    """Where a benchmark lies, where its results go, and the model. layout: what the folder of its data holds."""
    parser.epilog = layout
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the benchmark's files")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where all goes; a second run goes on")
    parser.add_argument("--model", default="", metavar="PATH|ID", help="checkpoint (default: the bundled one)")
    parser.add_argument("--name", default="", help="what files and figures call it (default: the checkpoint's name)")
    parser.add_argument("--device", default="auto", metavar="NAME", help="auto, cpu or cuda[:N]")
    parser.add_argument("--dtype", default="auto", help="(see watch)")
    parser.add_argument("--fps", type=positive, metavar="N", help="frames a second (default: as published)")
    parser.add_argument("--seed", type=int, default=0, help="of the sampling")
    parser.add_argument("--limit", type=count, metavar="N", help="only the first N games, clips or questions")
    parser.add_argument("--prompts", type=Path, metavar="FILE.json", help="other words for the model and the judge")


def sampling(parser: argparse.ArgumentParser) -> None:
    """How commentary is generated."""
    group = parser.add_argument_group("generation", "The defaults are those of the protocol.")
    group.add_argument("--mode", choices=tuple(MODES), default="streaming", help="what the cache keeps (see watch)")
    group.add_argument("--temperature", type=positive, default=0.9, metavar="T")
    group.add_argument("--repetition-penalty", type=positive, default=1.05, metavar="P")
    group.add_argument("--greedy", action="store_true", help="always the likeliest token")
    group.add_argument("--size", metavar="WxH", help="native, auto or WxH (see watch)")
    group.add_argument("--query", metavar="TEXT", help="the standing request (default: the protocol's)")


def judging(parser: argparse.ArgumentParser) -> None:
    """Who judges, against whom, and what it may cost."""
    group = parser.add_argument_group("judging", "Without --judge: only the answers are made.")
    group.add_argument("--judge", metavar="URL", help="an OpenAI-compatible chat endpoint")
    group.add_argument("--judge-model", metavar="NAME", help="the model to ask for there")
    group.add_argument(
        "--against",
        action="append",
        default=[],
        metavar="PATH",
        help="answers of another model; may be repeated (default: all that DIR holds)",
    )
    add_request_options(group, parallel=8, patience_s=3600.0)


def segments(parser: argparse.ArgumentParser) -> None:
    """Where segments lie; for Inf-Streams-Eval."""
    group = parser.add_argument_group("segments", "The defaults are those of the protocol.")
    group.add_argument(
        "--start-s",
        type=not_negative,
        metavar="S",
        help="where commentary begins (default: 1000, or earlier where a game's segments begin earlier)",
    )
    group.add_argument("--segment-s", type=positive, default=100.0, metavar="S", help="length of a segment")
    group.add_argument("--min-words", type=int, default=200, metavar="N", help="that a segment must have")
    group.add_argument(
        "--runs",
        type=_runs,
        default=RUNS,
        metavar="RUN[,RUN]",
        help="infinite: each game without a break; chunked: segment by segment, each with the true transcript so far",
    )


def multiple_choice(parser: argparse.ArgumentParser, layout: str) -> None:
    """The whole of those benchmarks' options. layout: what the folder of the data holds."""
    common(parser, layout)
    parser.add_argument("--max-frames", type=count, metavar="N", help="of a video (default: as published)")


def stream(parser: argparse.ArgumentParser) -> None:
    """Which stream, and in which modes; for the efficiency."""
    parser.add_argument("--seconds", type=positive, default=1000.0, metavar="S", help="of the stream")
    parser.add_argument("--start-s", type=not_negative, default=0.0, metavar="S", help="where in the video")
    parser.add_argument("--size", metavar="WxH", help="native, auto or WxH (see watch)")
    parser.add_argument("--modes", type=_efficiency_modes, default=EFFICIENCY_MODES, metavar="MODE[,MODE]")
    parser.add_argument("--temperature", type=positive, default=0.9, metavar="T")
    parser.add_argument("--context", default="", metavar="TEXT", help="told beforehand")
    parser.add_argument(
        "--stop-s", type=positive, default=10.0, metavar="S", help="end a mode whose rounds take longer than this"
    )


def _runs(text: str) -> tuple[str, ...]:
    return _chosen(text, RUNS)


def _efficiency_modes(text: str) -> tuple[str, ...]:
    return _chosen(text, tuple(MODES))


def _chosen(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    for name in chosen:
        if name not in known:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(known)}")
    return tuple(dict.fromkeys(chosen))
