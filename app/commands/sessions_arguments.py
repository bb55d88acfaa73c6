"""The options of the actions of `courtside sessions`."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import quantities
from app.library.export import FORMS


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of every export."""
    parser.add_argument("--to", required=True, choices=list(FORMS), help="the form")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: stdout)")
    add_stretch(parser)


def add_session(parser: argparse.ArgumentParser) -> None:
    """Which session."""
    help = "a folder, the name or title of a session or how it begins, or latest (the default)"
    parser.add_argument("session", metavar="SESSION", nargs="?", default="latest", help=help)


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Which sessions."""
    parser.add_argument("--since", metavar="DAY", help="begun on DAY or later: YYYY-MM-DD, today, yesterday")
    parser.add_argument("--until", metavar="DAY", help="begun on DAY or earlier")
    parser.add_argument("--source", default="", metavar="TEXT", help="TEXT is part of the source")
    parser.add_argument("--model", default="", metavar="TEXT", help="TEXT is part of the model's name")
    parser.add_argument("--tag", default="", metavar="TEXT", help="TEXT is part of a tag")
    parser.add_argument("--limit", type=quantities.count, metavar="N", help="at most N")


def add_stretch(parser: argparse.ArgumentParser, *others: str) -> None:
    """Which part of a session. `others`: further names of --until; an export has --to for its form."""
    parser.add_argument("--from", dest="start", type=quantities.moment, metavar="TIME", help="seconds, [h:]mm:ss")
    help = "up to, not including, TIME"
    parser.add_argument("--until", *others, dest="until", type=quantities.moment, metavar="TIME", help=help)
    help = "video: pauses taken out (the default); wall: the time of day"
    parser.add_argument("--clock", choices=["video", "wall"], default="video", help=help)


def add_search(parser: argparse.ArgumentParser) -> None:
    """What is looked for, and where."""
    parser.add_argument("text", metavar="TEXT", help='words, a "phrase", the start of a word as begin*')
    parser.add_argument("session", metavar="SESSION", nargs="?", default="", help="in this session alone, or latest")
    add_filters(parser)


def add_show(parser: argparse.ArgumentParser) -> None:
    """Of `show`."""
    add_session(parser)
    add_stretch(parser)


def add_export(parser: argparse.ArgumentParser) -> None:
    """Of `sessions export`."""
    add_session(parser)
    add_export_arguments(parser)


def add_report(parser: argparse.ArgumentParser) -> None:
    """Of `report`."""
    add_session(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: report.html in its folder)")
    add_stretch(parser)


def add_ask(parser: argparse.ArgumentParser) -> None:
    """Of `ask`."""
    from app.commands.asking import add_writer

    help = "a folder, the name or title of a session or how it begins, or latest"
    parser.add_argument("session", metavar="SESSION", help=help)
    help = "what is asked; two times in it (between 14:00 and 14:20) are the stretch where none is given"
    parser.add_argument("question", metavar="QUESTION", help=help)
    add_stretch(parser, "--to")
    add_writer(parser)


def add_summary(parser: argparse.ArgumentParser) -> None:
    """Of `summary`."""
    from app.commands.asking import add_writer

    add_session(parser)
    add_stretch(parser, "--to")
    add_writer(parser)


def add_rerun(parser: argparse.ArgumentParser) -> None:
    """Of `rerun`: its own, and those of a stream."""
    from app.commands.watch_arguments import add_stream_arguments
    from app.personas.folders import persona_names

    add_session(parser)
    parser.add_argument(
        "--from", dest="start", type=quantities.moment, metavar="TIME", help="source seconds, [h:]mm:ss"
    )
    help = "up to, not including, TIME"
    parser.add_argument("--until", "--to", dest="until", type=quantities.moment, metavar="TIME", help=help)
    help = f"another persona speaks, “” for none: {', '.join(persona_names())}"
    parser.add_argument("--persona", metavar="NAME", help=help)
    parser.add_argument("--compare", action="store_true", help="afterwards both, line by line, and their figures")
    add_stream_arguments(parser)


def add_prune(parser: argparse.ArgumentParser) -> None:
    """Of `prune`."""
    parser.add_argument("session", metavar="SESSION", nargs="?", default="", help="this session, or latest")
    parser.add_argument("--older-than", type=quantities.age, metavar="AGE", help="begun longer ago: 30 (days), 12h, 8w")
    parser.add_argument("--larger-than", type=quantities.size, metavar="SIZE", help="folders of more bytes: 500M, 2G")
    parser.add_argument("--keep", type=quantities.count, metavar="N", help="the newest N stay, whatever they are")
    parser.add_argument("--yes", action="store_true", help="do it; without, only told")


def add_import(parser: argparse.ArgumentParser) -> None:
    """Of `import`."""
    parser.add_argument("folder", metavar="FOLDER", help="a session's folder, or one with sessions in it")


def add_move(parser: argparse.ArgumentParser) -> None:
    """Of `move`."""
    parser.add_argument("folder", metavar="FOLDER", help="where the sessions are from then on")
