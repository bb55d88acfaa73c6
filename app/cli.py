"""The `courtside` command. Nothing heavy is imported before the chosen command needs it."""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import importlib.util
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from app.commands.figures_table import print_figures
from app.outputs.standard_streams import ensure_open, give_up_stdout, to_stderr
from core.errors import CourtsideError, UsageError, missing_library
from core.log_tail import keep_last_lines

FIGURES = {"bench": "core.eval.bench.command", "eval": "core.eval.command", "train": "core.train.command"}
"""Commands whose last line is a JSON object of figures, and the modules with their `add_arguments` and `run`."""

SUMMARIES = {
    "watch": "comment on a source without a window; the lines come on stdout",
    "ctl": "steer the Courtside that runs: pause, resume, show, hide, panic, ask, persona, say, status",
    "doctor": "what works on this machine, what does not, why, and the fix",
    "install-desktop": "put Courtside into this user's menu of applications, or take it out",
    "export": "subtitles, a table or editors' markers from a session",
    "sessions": "list, search, show, export, ask, rerun, report and prune recorded sessions",
    "bench": "measure speed and memory",
    "eval": "measure how good the commentary is",
    "train": "train a checkpoint",
    "data": "make training lines from recordings",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0 done, 1 failed, 2 wrong use."""
    words = list(sys.argv[1:] if argv is None else argv)
    ensure_open()
    _set_up_log()
    _say_what_cannot_be_encoded()
    try:
        args = _parser(words[0] if words else "").parse_args(words)
        status = args.run(args)
        sys.stdout.flush()  # here, where what goes wrong with it can still be told
        return status
    except BrokenPipeError:
        give_up_stdout()
        to_stderr("courtside: Cut off: nobody reads the output any more")
        return 1
    except CourtsideError as error:
        to_stderr(f"courtside: {error}")
        return error.exit_status
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("app", "core"):
            raise
        to_stderr(f"courtside: {missing_library(error)}")
        return 1
    except KeyboardInterrupt:
        return 130


def _say_what_cannot_be_encoded() -> None:
    """A terminal that has no such letter shows its number instead; it ends nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _set_up_log() -> None:
    """Tracebacks are for developers: they go to the file COURTSIDE_LOG names, or nowhere. The last lines are kept for a
    report of a crash.
    """
    keep_last_lines()
    path = os.environ.get("COURTSIDE_LOG")
    if path:
        logging.basicConfig(filename=path, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    else:
        logging.getLogger().addHandler(logging.NullHandler())


class _Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"courtside: {message} (see {self.prog} --help)\n")


def _parser(chosen: str) -> argparse.ArgumentParser:
    """The parser; only the chosen command has its options, so that no other is imported."""
    parser = _Parser(prog="courtside", description="Live commentary for anything on your screen.", allow_abbrev=False)
    parser.add_argument("--version", action=_Version, help="print the version and exit")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", description="without one: the application")
    for name, add in _commands().items():
        command = commands.add_parser(name, help=SUMMARIES[name], description=SUMMARIES[name], allow_abbrev=False)
        if name == chosen:
            add(command)
    if chosen in FIGURES and not _exists(FIGURES[chosen]):
        parser.error(f"“{chosen}” is not part of this version")
    return parser


def _commands() -> dict[str, Callable[[argparse.ArgumentParser], None]]:
    measuring = {name: partial(_add_figures, module) for name, module in FIGURES.items() if _exists(module)}
    saved = {"ctl": _add_ctl, "export": _add_export, "sessions": _add_sessions, "data": _add_data}
    return {"watch": _add_watch, "doctor": _add_doctor, "install-desktop": _add_install_desktop, **saved, **measuring}


def _exists(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


class _Version(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print(f"courtside {version()}")
        parser.exit()


def version() -> str:
    """The version of this checkout, or of the installed package."""
    pyproject = Path(__file__).resolve().parent.parent / "pyproject.toml"
    if pyproject.is_file():
        import tomllib

        return tomllib.loads(pyproject.read_text("utf-8"))["project"]["version"]
    from importlib.metadata import version as installed

    return installed("courtside")


def has_display() -> bool:
    """Whether a window can be shown at all."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))


def _window(args: argparse.Namespace) -> int:
    if not has_display():
        to_stderr("courtside: no display here, so this is `courtside watch arena` (Ctrl-C ends it)")
        return main(["watch", "arena"])
    from app.display import prefer_xwayland, require_display
    from app.remote.client import raise_window

    prefer_xwayland()
    require_display()
    if raise_window():
        print("courtside: it runs already; its window is in front now", file=sys.stderr)
        return 0
    from app.folders import CRASH_FILE, config_folder
    from app.main import run
    from core.engine.crash_file import keep_stacks

    stacks = keep_stacks(config_folder() / CRASH_FILE)
    try:
        return run()
    finally:
        faulthandler.disable()
        if stacks is not None:
            stacks.close()


def _add_watch(parser: argparse.ArgumentParser) -> None:
    from app.commands import watch
    from app.commands.watch_arguments import add_arguments

    add_arguments(parser)
    parser.set_defaults(run=watch.run)


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.add_argument(
        "--report",
        metavar="FILE",
        help="write versions, this table, numbers of the settings and the last crash there, for a report of a fault; "
        "no address and no text of yours is in it",
    )
    parser.set_defaults(run=_doctor)


def _add_install_desktop(parser: argparse.ArgumentParser) -> None:
    from app.commands.install_desktop import add_arguments

    add_arguments(parser)


def _doctor(args: argparse.Namespace) -> int:
    from app.commands.doctor import run

    return run(as_json=args.json, report=args.report)


def _add_export(parser: argparse.ArgumentParser) -> None:
    from app.commands import sessions
    from app.commands.sessions_arguments import add_export_arguments

    parser.add_argument("session", metavar="SESSION", help="a session's folder, its name, or latest")
    add_export_arguments(parser)
    parser.set_defaults(run=sessions.export, json=False)


def _add_sessions(parser: argparse.ArgumentParser) -> None:
    from app.commands import sessions

    sessions.add_arguments(parser)


def _add_ctl(parser: argparse.ArgumentParser) -> None:
    from app.commands import ctl

    ctl.add_arguments(parser)


def _add_data(parser: argparse.ArgumentParser) -> None:
    from core.data import command

    command.add_arguments(parser)
    parser.set_defaults(run=command.run)


def _add_figures(module: str, parser: argparse.ArgumentParser) -> None:
    command = importlib.import_module(module)
    command.add_arguments(parser)
    ours = {FIGURES["eval"]: _evaluated, FIGURES["bench"]: _benched}
    run = partial(ours[module], command.run) if module in ours else command.run
    parser.set_defaults(run=lambda args: _figures(run(args)))


def _evaluated(run: Callable[..., dict[str, Any]], args: argparse.Namespace) -> dict[str, Any]:
    """`eval`, with the road over the screen where that is asked for: only that one needs Qt and a screen."""
    if getattr(args, "via", "direct") == "direct":  # only one of its benchmarks has a road
        return run(args)
    from app.commands.evaluate import on_screen, performed

    with performed() if args.via == "programs" else on_screen() as stream_for:
        return run(args, stream_for)


def _benched(run: Callable[..., dict[str, Any]], args: argparse.Namespace) -> dict[str, Any]:
    """`bench`, with the sections that measure the application itself."""
    from app.bench.sections import sections

    return run(args, sections())


def _figures(result: dict[str, Any]) -> int:
    if "figures" not in result:
        raise UsageError("No figures", "this command measured nothing")
    print_figures(result["figures"])
    print(json.dumps(result), flush=True)
    return 1 if result.get("failed") else 0
