"""Files of training samples: `X_with_seeks.jsonl`, one sample a line, and `X_seeks.jsonl`, the lines' byte offsets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from core.data import published
from core.data.atomic import atomic_file
from core.data.sample import Sample
from core.errors import DataError

WITH_SEEKS = "_with_seeks"


def seeks_path(path: Path) -> Path:
    """Where the byte offsets of a file's lines lie: `train_with_seeks.jsonl` -> `train_seeks.jsonl`."""
    stem = path.name.replace(WITH_SEEKS, "").rsplit(".jsonl", 1)[0]
    return path.with_name(f"{stem}_seeks.jsonl")


class SampleFile:
    """A file of samples by number; a sequence. It holds no open file, so that any number of workers may have a copy.

    The byte offsets come from the file of seeks beside it, else from the last line where that is their list (as in
    Live-WhisperX-526K), else from one pass over the file.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        """Reads the offsets. Raises DataError for a file that is missing or whose seeks are not its own."""
        self.path = path
        if not path.is_file():
            raise DataError("No such file", f"{path} does not exist" if not path.exists() else f"{path} is no file")
        self._offsets = _offsets(path)

    def __len__(self) -> int:
        return len(self._offsets)

    def __getitem__(self, index: int) -> Sample:
        """Sample `index`, from 0. Raises IndexError, or DataError with the line's number (from 1)."""
        number = range(len(self._offsets))[index]
        return self._read(number, self.line(number))

    def __iter__(self) -> Iterator[Sample]:
        return (self[number] for number in range(len(self)))

    def line(self, number: int) -> bytes:
        """The line as it lies in the file. Raises DataError."""
        try:
            with self.path.open("rb") as file:
                return _line_at(file, self._offsets[number])
        except (OSError, ValueError) as error:
            raise DataError("Cannot read the samples", f"{self.path}, line {number + 1}: {error}") from error

    def _read(self, number: int, line: bytes) -> Sample:
        try:
            return published.read(line)
        except DataError as error:
            raise DataError(error.title, f"{self.path}, line {number + 1}: {error.message}") from error


def write_samples(path: Path, samples: Iterable[Sample]) -> int:
    """Write a file and its seeks, each whole or not at all; the number of samples. Raises DataError.

    The seeks are put in place first: a file never stands beside those of an older one that is longer.
    """
    offsets = []
    position = 0
    with atomic_file(path) as lines, atomic_file(seeks_path(path)) as seeks:
        for sample in samples:
            data = published.write(sample).encode("utf-8", "replace") + b"\n"
            offsets.append(position)
            position += lines.write(data)
        seeks.write(json.dumps(offsets).encode() + b"\n")
    return len(offsets)


def _offsets(path: Path) -> list[int]:
    beside = seeks_path(path)
    try:
        if beside.is_file() and beside != path:
            return _checked(beside, beside.read_bytes(), path.stat().st_size)
        last = _last_line(path)
        if published.is_seek_list(last):
            return _checked(path, last, path.stat().st_size)
        return _scanned(path)
    except OSError as error:
        raise DataError("Cannot read the samples", f"{path}: {error.strerror or error}") from error


def _checked(source: Path, data: bytes, size: int) -> list[int]:
    """The offsets in `data`. Raises DataError where they cannot be those of a file of `size` bytes."""
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    whole = isinstance(found, list) and all(type(offset) is int for offset in found)
    if not whole or any(not 0 <= offset < size for offset in found):
        raise DataError("Wrong seeks", f"{source} does not list byte offsets of its file; delete it to have them found")
    return found


def _last_line(path: Path, most: int = 64 << 20) -> bytes:
    """The last line that is not empty; b"" where it is longer than a list of seeks can reasonably be."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        tail = b""
        block = 1 << 16
        while len(tail) < min(end, most):
            block = min(block * 2, end)
            file.seek(end - block)
            tail = file.read(block).rstrip()
            if b"\n" in tail or block == end:
                return tail.rsplit(b"\n", 1)[-1]
    return b""


def _scanned(path: Path) -> list[int]:
    offsets = []
    position = 0
    with path.open("rb") as file:
        for line in file:
            if line.strip():
                offsets.append(position)
            position += len(line)
    return offsets


def _line_at(file: BinaryIO, offset: int) -> bytes:
    """The line that begins at `offset`. Raises ValueError where none does."""
    if offset:
        file.seek(offset - 1)
        if file.read(1) != b"\n":
            raise ValueError(f"no line begins at byte {offset}: the seeks are those of another file")
    else:
        file.seek(0)
    return file.readline()
