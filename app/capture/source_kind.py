"""What the rest of the application knows of a kind of source: how it is written, found, chosen and checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.errors import UsageError

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions, Source


@dataclass(frozen=True, slots=True)
class Check:
    """One thing Courtside uses, as a row of `courtside doctor`.

    Attributes:
        state: "ok", "missing", or "limited" (it works, not as well as it could).
        why: what was found.  fix: what to do ("" when nothing).
        needed: without it nothing works.
    """

    name: str
    state: Literal["ok", "missing", "limited"]
    why: str
    fix: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class PickerEntry:
    """A line in the window's list of sources.

    Attributes:
        label: what it says.
        spec: the SOURCE that it puts into the field.
        then: "start" when that is all, "type" when the rest is to be written, "browse" when a file is to be chosen.
        endings: for "type": what may be written behind `spec`, asked for when the entry is chosen.
    """

    label: str
    spec: str
    then: Literal["start", "type", "browse"] = "start"
    endings: Callable[[], Sequence[str]] = tuple


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source: one object in the file that implements it, and one line in `app.capture.spec`.

    That file is imported to print `--help`: numpy, Qt, av and the like are imported by the functions that need them.

    Attributes:
        usage: how a SOURCE of this kind is written: for --help, errors, the tooltip and the README.
        open: the source that a SOURCE names, not yet opened; None when the SOURCE is of another kind. Raises UsageError
            where it is of this kind and makes no sense, SourceError where it can be known already that it is not there.
        entries: its lines in the window's list, given the number of screens.
        checks: its rows of `courtside doctor`.
        shows_again: whether a SOURCE would show the same pictures once more, as far as can be told beforehand.
    """

    usage: str
    open: Callable[[str, CaptureOptions], Source | None]
    entries: Callable[[int], Sequence[PickerEntry]] = lambda screens: ()
    checks: Callable[[], Sequence[Check]] = tuple
    shows_again: Callable[[str], bool] = lambda spec: False


def after_word(spec: str, word: str) -> str | None:
    """What stands behind `word:` in a SOURCE, "" for the word alone; None where the SOURCE begins otherwise."""
    kind, colon, rest = spec.partition(":")
    return rest if kind == word and (rest or not colon) else None


def whole_number(text: str, least: int, example: str) -> int:
    """A number in a SOURCE. Raises UsageError with an example of how it is written."""
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise UsageError("Unknown source", f"“{text}” is not a number from {least} up, as in {example}")
    return int(text)
