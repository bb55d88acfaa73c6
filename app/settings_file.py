"""`settings.toml`: may be edited by hand, and keeps its comments and what this version does not know."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.folders import config_folder
from app.kept_secrets import keep_secret
from app.settings import Settings, checked, description

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

FILE_NAME = "settings.toml"
BAD_FILE_NAME = "settings.bad"
OLD_FILE_NAME = "settings.json"
MIGRATED_FILE_NAME = "settings.json.old"
"""What 0.1 wrote, and its name once it has been taken over."""
RENAMED = {"direction_open": "commentator_open"}
"""Settings of 0.1 that have another name now."""
HEADER = "Settings of Courtside. May be edited by hand while it is closed; what is left out has its default."


class SettingsFile:
    """The file the settings live in.

    Attributes:
        path: where it is; the folder is made when first saved.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or config_folder()) / FILE_NAME
        self._loaded: Settings | None = None

    def load(self) -> tuple[Settings, str]:
        """The settings and a note for the status line ("" when all is well). Never raises for a bad file.

        A file that is no TOML is set aside. A value that makes no sense counts as left out, and so does a setting that
        this version does not know: the note names their lines, and the file keeps them.
        """
        settings, note = self._read()
        self._loaded = settings
        kept = replace(settings, source=keep_secret(settings.source))
        if kept != settings:  # an older version, or a hand, wrote a password into it
            with contextlib.suppress(OSError):
                self.save(kept)
        return kept, note

    def save(self, settings: Settings) -> None:
        """Writes what has changed since `load`, all or nothing: a crash half way leaves the old file.

        Everything else in the file stays as it is. Raises OSError when the disk refuses.
        """
        before = self._loaded if self._loaded is not None else self._read()[0]
        document = self._document()
        if not document.as_string().strip():
            document = _new_document(settings)
            before = settings
        for name in _names():
            if getattr(settings, name) != getattr(before, name):
                document = _with(document, name, getattr(settings, name))
        self._write(document.as_string())
        self._loaded = settings

    def _read(self) -> tuple[Settings, str]:
        try:
            text = self.path.read_bytes().decode("utf-8")
            written = tomllib.loads(text)
        except FileNotFoundError:
            return self._migrated()
        except OSError as error:
            return Settings(), f"{FILE_NAME} cannot be read ({error.strerror}); starting with defaults"
        except (ValueError, RecursionError) as error:
            return Settings(), self._set_aside(self.path, f"{FILE_NAME}: {_first_line(error)}")
        return _checked(written, lambda name: f"{FILE_NAME}, line {line_of(text, name)}")

    def _migrated(self) -> tuple[Settings, str]:
        """The settings of 0.1, which are written anew as TOML; the defaults where there are none."""
        old = self.path.with_name(OLD_FILE_NAME)
        try:
            written = json.loads(old.read_text("utf-8"))
            if not isinstance(written, dict):
                raise ValueError("no object")
        except FileNotFoundError:
            return Settings(), ""
        except (OSError, ValueError, RecursionError):
            return Settings(), self._set_aside(old, f"{OLD_FILE_NAME} cannot be read")
        known = {str(RENAMED.get(name, name)): value for name, value in written.items() if value is not None}
        settings, note = _checked(known, lambda name: OLD_FILE_NAME)
        with contextlib.suppress(OSError):  # then it is read again at the next start
            self._write(_new_document(settings).as_string())
            old.chmod(0o600)
            os.replace(old, self.path.with_name(MIGRATED_FILE_NAME))
        return settings, note

    def _document(self) -> TOMLDocument:
        """The file as it is now, comments included; an empty one where there is none to keep."""
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        try:
            return tomlkit.parse(self.path.read_bytes().decode("utf-8"))
        except (OSError, ValueError, TOMLKitError):
            return tomlkit.document()

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{FILE_NAME}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(text.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, self.path)

    def _set_aside(self, path: Path, why: str) -> str:
        """Moves an unreadable file out of the way, so that nothing the user wrote is lost."""
        try:
            os.replace(path, self.path.with_name(BAD_FILE_NAME))
        except OSError:
            return f"{why}; starting with defaults"
        return f"{why}; kept as {BAD_FILE_NAME}, starting with defaults"


def line_of(text: str, name: str) -> int:
    """The line at which a setting outside of all tables stands, or the header of a table of that name.

    A line counts only where what stands before it is whole: not inside a text of several lines.
    """
    key = re.compile(rf"\s*\[?\s*([\"']?){re.escape(name)}\1\s*[=.\]]")
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if key.match(line):
            with contextlib.suppress(tomllib.TOMLDecodeError):
                tomllib.loads("\n".join(lines[: number - 1]))
                return number
    return 1


def _checked(written: Mapping[str, Any], place: Any) -> tuple[Settings, str]:
    """The settings in it, and in words what is wrong. `place` gives the place of a setting by its name."""
    taken: dict[str, Any] = {}
    notes = []
    for name, value in written.items():
        if name not in _names():
            notes.append(f"{place(name)}: {name} is unknown to this version")
            continue
        try:
            taken[name] = checked(name, value)
        except ValueError as error:
            notes.append(f"{place(name)}: {name} is left out ({error})")
    return Settings(**taken), "; ".join(notes)


def _names() -> list[str]:
    return [known.name for known in fields(Settings)]


def _new_document(settings: Settings) -> TOMLDocument:
    """Every setting with what it means above it; one that is None as a comment alone."""
    import tomlkit

    document = tomlkit.document()
    document.add(tomlkit.comment(HEADER))
    for name in _names():
        value = getattr(settings, name)
        document.add(tomlkit.nl())
        document.add(tomlkit.comment(f"{name}: {description(name)}"))
        if _is_given(value):
            document[name] = _item(value)
    return document


def _with(document: TOMLDocument, name: str, value: Any) -> TOMLDocument:
    """The document with one setting changed, removed, or added below its comment."""
    import tomlkit

    if not _is_given(value):
        document.pop(name, None)
        return document
    comment = f"# {name}: {description(name)}\n"
    text = document.as_string()
    if name not in document and comment in text:
        added = tomlkit.document()
        added[name] = _item(value)
        extended = tomlkit.parse(text.replace(comment, comment + added.as_string(), 1))
        if name in extended:  # else that comment was a part of a text
            return extended
    document[name] = _item(value)
    return document


def _is_given(value: Any) -> bool:
    return value is not None and value != {}


def _item(value: Any) -> Any:
    """A value as tomlkit writes it: a text of several lines on several lines, where TOML keeps their ends."""
    import tomlkit

    if isinstance(value, str) and "\n" in value and "\r" not in value:
        return tomlkit.string(value, multiline=True)
    return list(value) if isinstance(value, tuple) else value


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
