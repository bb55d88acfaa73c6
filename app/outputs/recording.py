"""A session folder as an output: `--session DIR`, and the window's setting `record`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.addresses import shown_address
from app.outputs.output_kind import OutputKind, StreamRun
from core.errors import SessionError
from core.messages import Failure
from core.paths import user_path

if TYPE_CHECKING:
    import argparse

    from app.session.recorder import Recorder
    from app.settings import Settings


def _add_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--session", type=Path, metavar="DIR", help="record a session in a new folder inside DIR")


def _from_arguments(args: argparse.Namespace, run: StreamRun) -> Recorder | None:
    """A folder that cannot be had is told, and ends nothing."""
    from app.folders import sessions_folder

    root = args.session or (sessions_folder() if args.record else None)
    try:
        return None if root is None else _recorder(root, run)
    except SessionError as error:
        run.emit(Failure(error.title, error.message, fatal=False))
        return None


def _from_settings(settings: Settings, run: StreamRun) -> Recorder | None:
    from app.folders import sessions_folder

    return _recorder(sessions_folder(), run) if settings.record else None


def _recorder(root: Path, run: StreamRun) -> Recorder:
    from app.session.recorder import Recorder

    return Recorder(root, run.name, {"source": kept_spec(run.spec), **asdict(run.config)}, run.emit)


def kept_spec(spec: str) -> str:
    """A SOURCE as it can be found again from any folder, without a password."""
    kind, _, rest = spec.partition(":")
    if kind == "frames" and rest:
        return f"frames:{user_path(rest).absolute()}"
    path = user_path(spec)
    return str(path.absolute()) if path.is_file() else shown_address(spec)


RECORDING = OutputKind(_add_arguments, _from_arguments, _from_settings, live=False)
