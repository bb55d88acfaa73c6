"""The options of `courtside data`, and the settings they make. Loads nothing heavy."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.chat.options import add_request_options, is_asked, request_settings
from core.errors import UsageError
from core.option_values import count, not_negative, positive, share

if TYPE_CHECKING:
    from core.data.build import BuildSettings
    from core.data.clean import Asking

SUMMARIES = {
    "build": "all steps: training lines from a folder of recordings",
    "check": "name what is wrong with recordings, or with a file of training lines",
    "clean": "check, then keep, edit or delete each sentence",
    "cut": "check and clean, then write the overlapping chunks",
    "stage2": "check and clean, then write the annealing pieces",
    "preview": "a page that shows training lines as the model will see them",
}
STEPS = ("build", "clean", "cut", "stage2")
"""Commands that write training lines or what they are made from."""
ORIGIN = "VIDEOS is a folder with videos and, beside each, its .srt, .vtt or recogniser .json; or with saved sessions."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `data`."""
    commands = parser.add_subparsers(metavar="STEP", title="steps", dest="step", required=True)
    for name, summary in SUMMARIES.items():
        epilog = "" if name == "preview" else ORIGIN
        command = commands.add_parser(name, help=summary, description=summary, epilog=epilog, allow_abbrev=False)
        if name == "preview":
            _preview_options(command)
            continue
        _origin_options(command, name)
        _check_options(command)
        if name in STEPS:
            _clean_options(command)
        if name in ("build", "cut", "stage2"):
            _cut_options(command)
        if name in ("build", "stage2"):
            _stage2_options(command)
        if name == "build":
            command.add_argument("--stage2", action="store_true", help="write the annealing pieces, too (DIR/fg)")
            command.add_argument("--preview", action="store_true", help="write a page to look at, too")


def _origin_options(command: argparse.ArgumentParser, name: str) -> None:
    about = "the recordings, or a .jsonl file of training lines" if name == "check" else "the recordings"
    command.add_argument("videos", metavar="VIDEOS", type=Path, help=about)
    command.add_argument(
        "--out", type=Path, metavar="DIR", required=name in STEPS, help="where everything goes; a second run goes on"
    )
    command.add_argument("--json", action="store_true", help="the whole report as one JSON object on stdout")


def _check_options(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("check")
    group.add_argument("--gap-s", type=positive, default=60.0, metavar="S", help="name stretches without words")
    group.add_argument("--move-words", action="store_true", help="move words that are off to where the sound has them")
    group.add_argument("--workers", type=count, default=2, metavar="N", help="videos looked at at once")
    if command.prog.endswith(" check"):
        group.add_argument("--root", type=Path, metavar="DIR", help="for a .jsonl: what its videos are relative to")
        group.add_argument("--decode", action="store_true", help="for a .jsonl: decode every picture of every line")


def _clean_options(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("clean", "Without an endpoint: by rules.")
    group.add_argument("--endpoint", metavar="URL", help="an OpenAI-compatible chat endpoint")
    group.add_argument("--model", metavar="NAME", help="the model to ask for there")
    add_request_options(group, parallel=4, patience_s=300.0)


def _cut_options(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("cut")
    group.add_argument("--chunk-s", type=positive, default=24.0, metavar="S", help="length of a chunk")
    group.add_argument("--overlap-s", type=not_negative, default=12.0, metavar="S", help="shared with the next one")
    group.add_argument(
        "--min-words", type=int, metavar="N", help="words a chunk must have (default: two a second; 1 of a session)"
    )
    group.add_argument(
        "--previous-words",
        type=int,
        default=0,
        metavar="N",
        help="keep the first and last N words of previous text (default: all)",
    )
    group.add_argument("--valid-share", type=share, default=0.05, metavar="X", help="share of videos for validation")
    group.add_argument("--seed", type=int, default=0, help="of their choice")


def _stage2_options(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("stage2")
    group.add_argument("--live-share", type=share, default=0.8, metavar="X", help="of a piece about what happens now")


def _preview_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", metavar="FILE|DIR", type=Path, help="a .jsonl file, or the --out of data build")
    command.add_argument("--root", type=Path, metavar="DIR", help="what its videos are relative to")
    command.add_argument("--out", type=Path, metavar="FILE.html", help="default: preview.html beside the lines")
    command.add_argument("--samples", type=count, default=6, metavar="N", help="how many lines")
    command.add_argument("--seed", type=int, default=0, help="of their choice")
    command.add_argument("--line", type=count, action="append", metavar="N", help="this line (from 1); may be repeated")


def build_settings(args: argparse.Namespace) -> BuildSettings:
    """The settings of the steps. Raises UsageError for chunks that cannot be."""
    from core.data.anneal import AnnealSettings
    from core.data.build import BuildSettings
    from core.data.check import CheckSettings
    from core.data.cut import CutSettings

    names = ("chunk_s", "overlap_s", "min_words", "previous_words", "valid_share", "seed")
    cut = CutSettings(**{name: getattr(args, name) for name in names if hasattr(args, name)})
    if not 0 <= cut.overlap_s < cut.chunk_s:
        raise UsageError("Impossible chunks", f"--overlap-s {cut.overlap_s:g} is not below --chunk-s {cut.chunk_s:g}")
    if cut.previous_words < 0 or cut.least_words() < 0:
        raise UsageError("Impossible chunks", "--previous-words and --min-words are not below 0")
    anneal = AnnealSettings(**{name: getattr(args, name) for name in ("live_share",) if hasattr(args, name)})
    return BuildSettings(CheckSettings(args.gap_s, args.move_words), cut, anneal)


def asking_from(args: argparse.Namespace, folder: Path) -> Asking | None:
    """The language model to ask, its answers kept in `folder`; None without one. Raises UsageError, EndpointError."""
    from core.chat.endpoint import ChatEndpoint
    from core.chat.replies import ReplyCache
    from core.data.clean import Asking

    if not is_asked(args, "--endpoint", "--model"):
        return None
    settings = request_settings(args, args.endpoint, args.model)
    endpoint = ChatEndpoint(settings, lambda line: _write(f"courtside: {line}\n"))
    return Asking(endpoint, ReplyCache(folder), args.parallel)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
