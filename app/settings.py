"""What is remembered from one start to the next: one small JSON file in the user's configuration folder. No Qt."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

Rect = tuple[int, int, int, int]

FILE_NAME = "settings.json"
BAD_FILE_NAME = "settings.bad"


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one user on one machine.

    Attributes:
        source: the SOURCE last watched (`arena`, `screen:1`, a file, ...).
        context: what the user told the commentator beforehand.
        query: the standing request; "" is the usual one.
        words_per_minute, silence_threshold: how much is said, as in `core.config.SamplingConfig`.
        memory_limit_mb: most megabytes for weights and KV cache.
        drop_repeats: as in `core.config.StreamConfig`; None: as the checkpoint was trained for.
        model: checkpoint directory or hub id; "" is the bundled one.
        record: whether a session folder is written.
        overlay_on_start: whether captions appear over the screen as soon as a stream starts.
        overlay_rect: (x, y, width, height) of the overlay where the user put it; None is the default place.
        window_rect: (x, y, width, height) of the main window's inside; None lets the system choose.
        window_maximized: whether the main window filled the screen.
        columns: widths of preview and transcript, in pixels.
        commentator_open: whether the commentator panel is unfolded.
    """

    source: str = "arena"
    context: str = ""
    query: str = ""
    words_per_minute: float | None = None
    silence_threshold: float | None = None
    memory_limit_mb: int | None = None
    drop_repeats: float | None = None
    model: str = ""
    record: bool = True
    overlay_on_start: bool = True
    overlay_rect: Rect | None = None
    window_rect: Rect | None = None
    window_maximized: bool = False
    columns: tuple[int, int] | None = None
    commentator_open: bool = False


class SettingsFile:
    """The file the settings live in.

    Attributes:
        path: where it is; the folder is made when first saved.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or config_folder()) / FILE_NAME

    def load(self) -> tuple[Settings, str]:
        """The settings and a note for the status line ("" when all is well). Never raises for a bad file."""
        try:
            written = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Settings(), ""
        except (OSError, ValueError, RecursionError):
            return Settings(), self._set_aside()
        if not isinstance(written, dict):
            return Settings(), self._set_aside()
        return _read(written)

    def save(self, settings: Settings) -> None:
        """Writes all or nothing: a crash half way leaves the old file. Raises OSError when the disk refuses."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{FILE_NAME}.{os.getpid()}")
        with open(fresh, "w", encoding="utf-8") as out:
            json.dump(asdict(settings), out, indent=2, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, self.path)

    def _set_aside(self) -> str:
        """Moves the unreadable file out of the way, so that nothing the user wrote is lost."""
        try:
            os.replace(self.path, self.path.with_name(BAD_FILE_NAME))
        except OSError:
            return "The settings could not be read; defaults are used."
        return f"The settings could not be read; defaults are used and the old file is kept as {BAD_FILE_NAME}."


def config_folder() -> Path:
    """The folder of `settings.json`: COURTSIDE_CONFIG_DIR when set, else the system's place for this user."""
    chosen = os.environ.get("COURTSIDE_CONFIG_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_config_path  # only needed once a start, and not at import

    return user_config_path("courtside", appauthor=False)


def sessions_folder() -> Path:
    """Where session folders are written: COURTSIDE_SESSIONS_DIR when set, else the user's documents."""
    chosen = os.environ.get("COURTSIDE_SESSIONS_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_documents_path

    return user_documents_path() / "Courtside"


def _read(written: dict[str, Any]) -> tuple[Settings, str]:
    known = {field.name for field in fields(Settings)}
    taken: dict[str, Any] = {}
    wrong: list[str] = []
    for name in sorted(known & set(written)):
        try:
            taken[name] = _READERS[name](written[name])
        except (TypeError, ValueError):
            wrong.append(name)
    return Settings(**taken), _note(sorted(set(written) - known), wrong)


def _note(unknown: list[str], wrong: list[str]) -> str:
    notes = []
    if unknown:
        notes.append(f"unknown settings ignored: {', '.join(unknown)}")
    if wrong:
        notes.append(f"settings reset to their defaults: {', '.join(wrong)}")
    return "; ".join(notes).capitalize()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _number(least: float, most: float) -> Callable[[Any], Any]:
    def read(value: Any) -> float | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(value)
        if not least <= value <= most:
            raise ValueError(value)
        return value

    return read


def _whole_numbers(count: int) -> Callable[[Any], Any]:
    def read(value: Any) -> tuple[int, ...] | None:
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != count or any(type(item) is not int for item in value):
            raise TypeError(value)
        if any(abs(item) > 1_000_000 for item in value) or min(value[-2:]) < 0:
            raise ValueError(value)
        return tuple(value)

    return read


_READERS: dict[str, Callable[[Any], Any]] = {
    "source": _text,
    "context": _text,
    "query": _text,
    "words_per_minute": _number(0, 1000),
    "silence_threshold": _number(0, 1),
    "memory_limit_mb": _number(1, 10_000_000),
    "drop_repeats": _number(0, 255),
    "model": _text,
    "record": _flag,
    "overlay_on_start": _flag,
    "overlay_rect": _whole_numbers(4),
    "window_rect": _whole_numbers(4),
    "window_maximized": _flag,
    "columns": _whole_numbers(2),
    "commentator_open": _flag,
}
