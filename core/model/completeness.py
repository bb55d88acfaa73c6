"""Is a checkpoint directory whole? Told from names, sizes and headers alone, so that 17 GB take milliseconds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import CheckpointError
from core.model.json_file import damaged, read_object

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
NEEDED = ("config.json", "tokenizer.json")
LENGTH_BYTES = 8
"""A safetensors file starts with the length of its JSON header, little-endian."""
LONGEST_HEADER = 100_000_000
"""Bytes; the format's own limit."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A file that is missing or too short.

    Attributes:
        has_bytes: its size, None when it is missing. needs_bytes: the size it must have at least, 0 when unknown.
    """

    file: Path
    has_bytes: int | None = None
    needs_bytes: int = 0

    def __str__(self) -> str:
        if self.has_bytes is None:
            return f"{self.file} is missing"
        return f"{self.file} has {self.has_bytes:,} of {self.needs_bytes:,} bytes"


def require_complete(path: Path, remedy: str = "copy or download it again") -> None:
    """Raises CheckpointError, with the first file that lacks something, for a directory that is not whole."""
    if (lack := find_lack(path)) is not None:
        raise CheckpointError("Incomplete checkpoint", f"{lack}; {remedy}")


def find_lack(path: Path) -> Lack | None:
    """What the checkpoint directory lacks first, None when it is whole. Raises CheckpointError for a damaged index."""
    files = [path / name for name in NEEDED] + _weight_files(path)
    if missing := next((file for file in files if not file.is_file()), None):
        return Lack(missing)
    return next((lack for file in shards(path) if (lack := _shortage(file)) is not None), None)


def shards(path: Path) -> list[Path]:
    """The weight files of a checkpoint. Raises CheckpointError when one that the index names is not there."""
    files = _weight_files(path)
    if missing := next((file for file in files if not file.is_file()), None):
        raise CheckpointError("Incomplete checkpoint", f"{Lack(missing)}; copy or download it again")
    return files


def _weight_files(path: Path) -> list[Path]:
    index = path / INDEX
    if not index.is_file():
        return [path / SINGLE]
    names = read_object(index).get("weight_map")
    if not isinstance(names, dict) or not names or not all(map(_is_file_name, names.values())):
        raise damaged(index, "names no weight files beside it")
    return [path / name for name in sorted(set(names.values()))]


def _is_file_name(name: object) -> bool:
    """Whether it can only be a file of the same folder."""
    return isinstance(name, str) and name.endswith(".safetensors") and not set(name) & {"/", "\\", "\0"}


def _shortage(file: Path) -> Lack | None:
    try:
        size = file.stat().st_size
        needed = _size_in_header(file, size)
    except OSError as error:
        raise damaged(file, f"cannot be read ({error.strerror})") from error
    return Lack(file, size, needed) if size < needed else None


def _size_in_header(file: Path, size: int) -> int:
    """The bytes that a safetensors file says it has; as many as its header needs when even that is cut."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(LENGTH_BYTES), "little")
        start = LENGTH_BYTES + length
        if size < LENGTH_BYTES or (size < start and length <= LONGEST_HEADER):
            return max(start, LENGTH_BYTES + 2)
        try:
            if length > LONGEST_HEADER:
                raise ValueError("its header would be too long")
            return start + _last_offset(json.loads(opened.read(length)))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
            raise damaged(file, f"is no safetensors file ({error})") from error


def _last_offset(header: dict[str, Any]) -> int:
    return max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0)
