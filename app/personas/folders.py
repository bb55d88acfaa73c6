"""Where personas lie: those that come with Courtside, and the user's own, which stand in front."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.folders import config_folder
from app.personas.persona import Persona, read_persona
from core.assets import PERSONAS
from core.errors import CourtsideError, UsageError


def own_folder() -> Path:
    """The user's; need not exist."""
    return config_folder() / "personas"


def persona_names() -> list[str]:
    """In alphabetical order; no file is read."""
    return sorted({path.stem for folder in _folders() for path in folder.glob("*.toml")})


def find_persona(name: str) -> Persona:
    """Raises UsageError with the list for a name that there is not, and for a file that makes no sense."""
    for folder in _folders():
        path = folder / f"{name}.toml"
        if path.parent == folder and path.is_file():
            return read_persona(path)
    raise UsageError("No such persona", f"“{name}” is none of: {', '.join(persona_names())}")


def own_copy(name: str) -> Path:
    """The user's own file of that persona, made of the one that came with Courtside where there was none.

    Raises UsageError for a name that there is not, CourtsideError when the disk refuses.
    """
    own = own_folder() / f"{name}.toml"
    if own.is_file():
        return own
    persona = find_persona(name)
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(persona.path, own)
    except OSError as error:
        raise CourtsideError("The persona cannot be kept", f"{own}: {error.strerror}") from error
    return own


def _folders() -> tuple[Path, ...]:
    return own_folder(), PERSONAS
