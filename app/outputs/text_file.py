"""The last lines in a text file, which OBS and other programs can show: `--text-file F`."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.outputs.output_kind import OutputKind, StreamRun
from app.outputs.queued_output import QueuedOutput
from app.outputs.recent_lines import RecentLines
from core.errors import UsageError
from core.messages import Cleared, Failure, Line, Message
from core.paths import user_path

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from app.settings import Settings

MAX_LINES = 50


@dataclass(frozen=True, slots=True)
class TextFileOptions:
    """`[outputs.text_file]`.

    Attributes:
        path: the file. on: whether it is written. lines: how many of the last lines are in it.
        keep: whether they stay there when the stream ends.
    """

    path: str
    on: bool = True
    lines: int = 2
    keep: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= MAX_LINES:
            raise UsageError("Impossible text file", f"It has 1 to {MAX_LINES} lines, not {self.lines}")


class TextFile(QueuedOutput):
    """Writes a file anew with each line: a reader finds the old text or the new one, never a part.

    When the disk refuses, that is said once, and the next line is tried again.
    """

    name = "The text file"

    def __init__(self, options: TextFileOptions, emit: Callable[[Message], None], *, waits: bool = False) -> None:
        """Empties the file. Raises UsageError when there is no folder for it, or it is none to be written."""
        super().__init__(waits=waits)
        self._path = user_path(options.path).absolute()
        self._keep = options.keep
        self._emit = emit
        self._recent = RecentLines(options.lines)
        self._told = False
        try:
            self._replace("")
        except OSError as error:
            raise UsageError("The text file cannot be written", f"{self._path}: {error.strerror or error}") from error

    def wants(self, message: Message) -> bool:
        return isinstance(message, Line | Cleared)

    def write(self, message: Message) -> None:
        if self._recent.take(message):
            self._show(self._recent.text())

    def close(self) -> None:
        super().close()
        if not self._keep:
            self._show("")

    def _show(self, text: str) -> None:
        try:
            self._replace(f"{text}\n" if text else "")
            self._told = False
        except OSError as error:
            if not self._told:
                self._told = True
                why = f"{self._path}: {error.strerror or error}. It is tried again with each line."
                self._emit(Failure("The text file cannot be written", why, fatal=False))

    def _replace(self, text: str) -> None:
        """All or nothing. Raises OSError."""
        fresh = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            fresh.write_bytes(text.encode("utf-8", "replace"))
            os.replace(fresh, self._path)
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise


def _add_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--text-file", metavar="F", help="keep the last lines in this file, for OBS and the like")
    group.add_argument("--text-lines", type=int, default=2, metavar="N", help="how many lines are in it (2)")
    group.add_argument("--text-keep", action="store_true", help="leave them there at the end instead of emptying it")


def _from_arguments(args: argparse.Namespace, run: StreamRun) -> TextFile | None:
    if args.text_file is None:
        return None
    options = TextFileOptions(args.text_file, lines=args.text_lines, keep=args.text_keep)
    return TextFile(options, run.emit, waits=run.waits)


def _from_settings(settings: Settings, run: StreamRun) -> TextFile | None:
    from app.settings import output_options

    options = output_options(settings, "text_file", TextFileOptions)
    return TextFile(options, run.emit) if options is not None and options.on else None


TEXT_FILE = OutputKind(_add_arguments, _from_arguments, _from_settings, table="text_file", options=TextFileOptions)
