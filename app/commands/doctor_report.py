"""`courtside doctor --report FILE`: what a report of a fault needs, and nothing that is anybody's business.

No text that a person wrote is in it: of such settings only the length.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from app.folders import CRASH_FILE, config_folder
from app.settings_file import SettingsFile
from core.errors import SessionError

PACKAGES = ("courtside", "torch", "transformers", "tokenizers", "safetensors", "PySide6", "av", "mss", "numpy")
MAX_CRASH_CHARACTERS = 16_000


def write_report(file: Path, table: str) -> None:
    """Write the report; an existing file is replaced. Raises SessionError when the disk refuses.

    Args:
        table: of `courtside doctor`.
    """
    parts = [("Versions", versions()), ("Doctor", table), ("Settings", settings()), ("Last crash", last_crash())]
    text = "\n".join(f"== {title} ==\n{body}\n" for title, body in parts)
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(text.replace(str(Path.home()), "~"))
    except OSError as error:
        raise SessionError("The report cannot be written", f"{file}: {error.strerror}") from error


def versions() -> str:
    """Python, the system, and the packages that matter."""
    lines = [f"python {platform.python_version()}", platform.platform()]
    return "\n".join([*lines, *(f"{name} {_version(name)}" for name in PACKAGES)])


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "is not installed"


def settings() -> str:
    """Each setting: numbers and switches as they are, of texts and lists the length."""
    found, _ = SettingsFile().load()
    return "\n".join(_shown([(field.name, getattr(found, field.name)) for field in fields(found)]))


def _shown(values: Iterable[tuple[str, object]]) -> list[str]:
    plain = (int, float, bool, type(None))
    return [f"{name} = {value}" if isinstance(value, plain) else f"{name}: {_size(value)}" for name, value in values]


def _size(value: object) -> str:
    return f"{len(value)} characters" if isinstance(value, str) else f"a {type(value).__name__}"


def last_crash() -> str:
    """The end of what engines left when they crashed."""
    try:
        return (config_folder() / CRASH_FILE).read_bytes().decode("utf-8", "replace")[-MAX_CRASH_CHARACTERS:]
    except OSError:
        return "none"
