"""`courtside sessions`: the library without a window."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Any

from app.commands.sessions_arguments import (
    add_ask,
    add_export,
    add_filters,
    add_import,
    add_move,
    add_prune,
    add_report,
    add_rerun,
    add_search,
    add_show,
    add_summary,
)
from app.folders import sessions_folder
from app.library.cues import Stretch, cues
from app.library.export import exported, save
from app.library.library import Library
from app.library.query import Filter, day
from app.library.scan import Row
from app.library.wording import highlighted, row_line, row_record, show_records, transcript
from app.session.events import Session, read_session
from app.session.records import json_line
from core.errors import UsageError
from core.paths import user_path

SUMMARIES = {
    "list": "the sessions, the newest first",
    "search": "find words in lines, questions, notes and contexts",
    "show": "the transcript of a session; with --json its records",
    "export": "subtitles, tables, text or editors' markers from a session or a stretch of it",
    "ask": "a question answered from the lines of a session or a stretch of it",
    "summary": "what matters most in a session, from its lines",
    "rerun": "watch a session's footage again with other settings, at full pace",
    "report": "one HTML file with figures, time line, pictures and transcript",
    "import": "copy a session, or a folder of sessions, into the library",
    "move": "move the library to another folder",
    "prune": "put old or large sessions into the trash",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The actions, each with its own options."""
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    for name, summary in SUMMARIES.items():
        action = actions.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        action.add_argument("--json", action="store_true", help="one JSON object a line")
        add, run = ACTIONS[name]
        add(action)
        action.set_defaults(run=run)


def export(args: argparse.Namespace) -> int:
    """`courtside export` and `courtside sessions export`."""
    stretch = _stretch(args)
    session = _session(args.session)
    text = exported(session, args.to, stretch)
    _tell_damage(session)
    _tell_silence(session, stretch)
    if args.out is not None:
        save(text, args.out)
        if args.json:
            _print_json({"type": "export", "form": args.to, "path": str(args.out.absolute())})
    elif args.json:
        _print_json({"type": "export", "form": args.to, "text": text})
    else:
        print(text, end="")
    return 0


# The actions


def _list(args: argparse.Namespace) -> int:
    with _library() as library:
        rows = library.sessions(_filter(args), -1 if args.limit is None else args.limit)
        _print_all((row_record(library.root, row) for row in rows), map(row_line, rows), as_json=args.json)
    return 0


def _search(args: argparse.Namespace) -> int:
    with _library() as library:
        folder = library.find(args.session).name if args.session else ""
        hits = library.search(args.text, _filter(args, folder), 50 if args.limit is None else args.limit)
        records = ({"type": "hit", "path": str(library.root / hit.folder), **asdict(hit)} for hit in hits)
        _print_all(records, highlighted(hits, bold=sys.stdout.isatty()), as_json=args.json)
    if not hits:
        _note("nothing found")
    return 0


def _show(args: argparse.Namespace) -> int:
    stretch = _stretch(args)
    session = _session(args.session)
    _tell_damage(session)
    _tell_silence(session, stretch)
    _print_all(show_records(session, stretch), transcript(session, stretch), as_json=args.json)
    return 0


def _report(args: argparse.Namespace) -> int:
    stretch = _stretch(args)
    session = _session(args.session)
    out = args.out or session.folder / "report.html"
    save(exported(session, "html", stretch), out)
    _tell_damage(session)
    _tell_silence(session, stretch)
    _print_all(iter([{"type": "report", "path": str(out.absolute())}]), iter([str(out)]), as_json=args.json)
    return 0


def _ask(args: argparse.Namespace) -> int:
    from app.commands.asking import run_ask

    return run_ask(args, _session(args.session), _stretch(args))


def _summary(args: argparse.Namespace) -> int:
    from app.commands.asking import run_summary

    return run_summary(args, _session(args.session), _stretch(args))


def _rerun(args: argparse.Namespace) -> int:
    from app.commands.rerun import run

    return run(args, _session(args.session))


def _import(args: argparse.Namespace) -> int:
    from app.library.importing import import_sessions

    for folder in import_sessions(user_path(args.folder), sessions_folder()):
        _print_all(iter([{"type": "imported", "path": str(folder)}]), iter([str(folder)]), as_json=args.json)
    return 0


def _move(args: argparse.Namespace) -> int:
    from app.library.moving import move_library

    target = user_path(args.folder).absolute()
    count = move_library(sessions_folder(), target)
    record = {"type": "moved", "path": str(target), "sessions": count}
    _print_all(iter([record]), iter([f"{count} sessions are in {target} now"]), as_json=args.json)
    return 0


def _prune(args: argparse.Namespace) -> int:
    from app.library.prune import to_trash, under_way

    with _library() as library:
        writing = under_way()
        rows = [row for row in _chosen(library, args) if (library.root / row.folder).resolve() not in writing]
        for row in rows:
            if args.yes:
                to_trash(library.root / row.folder)
            record = {**row_record(library.root, row), "type": "pruned", "done": args.yes}
            _print_all(iter([record]), iter([row_line(row)]), as_json=args.json)
        if args.yes:
            library.update()
    noun = "session" if len(rows) == 1 else "sessions"
    total = f"{len(rows)} {noun}, {sum(row.bytes for row in rows) / 1e6:.1f} MB"
    _note(f"{total}: now in the trash" if args.yes else f"{total} would go into the trash; --yes does it")
    return 0


def _chosen(library: Library, args: argparse.Namespace) -> list[Row]:
    """The session named, or those that the limits let go."""
    from app.library.prune import Rule, prunable

    rule = Rule(args.older_than, args.larger_than, args.keep)
    if not args.session:
        return prunable(library.sessions(), rule)
    rows = library.sessions(Filter(folder=library.find(args.session).name))
    return rows if rule == Rule() else prunable(rows, rule)


# What is read


@contextmanager
def _library() -> Iterator[Library]:
    """The library, up to date; what a person should know about it goes to stderr."""
    with closing(Library(sessions_folder())) as library:
        library.update()
        for note in library.notes:
            _note(note)
        yield library


def _session(name: str) -> Session:
    path = user_path(name)
    if name != "latest" and path.exists():
        return read_session(path)
    with _library() as library:
        return read_session(library.find(name))


def _filter(args: argparse.Namespace, folder: str = "") -> Filter:
    since = day(args.since) if args.since else None
    until = day(args.until, end=True) if args.until else None
    return Filter(since, until, args.source, args.model, args.tag, folder)


def _stretch(args: argparse.Namespace) -> Stretch:
    if args.start is not None and args.until is not None and args.start >= args.until:
        raise UsageError("Impossible stretch", "--from is not before --until")
    return Stretch(args.clock, args.start, args.until)


# What is printed


def _print_all(records: Iterator[dict[str, Any]], lines: Iterator[str], *, as_json: bool) -> None:
    for text in map(json_line, records) if as_json else lines:
        print(text)


def _print_json(record: dict[str, Any]) -> None:
    print(json_line(record))


def _note(text: str) -> None:
    print(f"courtside: {text}", file=sys.stderr)


def _tell_damage(session: Session) -> None:
    if session.is_broken_off:
        _note(f"{session.folder.name} was broken off: it ends with the last line that was said")
    for note in session.damage:
        _note(note)


def _tell_silence(session: Session, stretch: Stretch) -> None:
    if not cues(session, stretch):
        _note(f"{session.folder.name}: nothing was said there")


Add = Callable[[argparse.ArgumentParser], None]
ACTIONS: dict[str, tuple[Add, Callable[[argparse.Namespace], int]]] = {
    "list": (add_filters, _list),
    "search": (add_search, _search),
    "show": (add_show, _show),
    "export": (add_export, export),
    "ask": (add_ask, _ask),
    "summary": (add_summary, _summary),
    "rerun": (add_rerun, _rerun),
    "report": (add_report, _report),
    "import": (add_import, _import),
    "move": (add_move, _move),
    "prune": (add_prune, _prune),
}
