"""What of a checkpoint lies on this disk, and taking it away again. Asks no network; torch is never loaded."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.assets import BUNDLED
from core.errors import CheckpointError
from core.model.completeness import find_lack
from core.model.hub import alone, cached, parse, storage_folder

State = Literal["ready", "incomplete", "absent"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A checkpoint as it lies here.

    Attributes:
        folder: where it lies, or would lie. here_bytes: of its weights and what belongs to them.
        lack: what an incomplete one lacks, in words.
    """

    state: State
    folder: Path
    here_bytes: int
    lack: str = ""


def stored(model: str) -> Stored:
    """`model` as for `--model`; "" is the bundled one. Raises CheckpointError for what can be no checkpoint."""
    place = parse(model) if model else BUNDLED
    if isinstance(place, Path):
        return _in_folder(place)
    folder = storage_folder(place)
    blobs = [path for path in (folder / "blobs").glob("*") if not path.name.startswith(".")]
    here = sum(path.stat().st_size for path in blobs)
    if (snapshot := cached(place)) is not None:
        return Stored("ready", snapshot, here)
    if not here:
        return Stored("absent", folder, 0)
    return Stored("incomplete", folder, here, "the download was stopped; it goes on from there")


def delete(model: str) -> int:
    """Takes a checkpoint of the hub off this disk. The bytes that were freed.

    Raises CheckpointError for one in a folder of the user's own, while it is being fetched, or when the disk refuses.
    """
    place = parse(model) if model else BUNDLED
    if isinstance(place, Path):
        raise CheckpointError("Not deleted", f"{place} is not from the hub; delete the folder yourself")
    folder = storage_folder(place)
    if not folder.is_dir():
        return 0
    freed = stored(model).here_bytes
    blobs = folder / "blobs"
    blobs.mkdir(exist_ok=True)
    try:
        with alone(place, blobs):
            shutil.rmtree(folder)
    except OSError as error:
        raise CheckpointError("Not deleted", f"{error.filename or folder}: {error.strerror}") from error
    return freed


def _in_folder(folder: Path) -> Stored:
    here = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    lack = find_lack(folder)
    return Stored("ready" if lack is None else "incomplete", folder, here, "" if lack is None else str(lack))
