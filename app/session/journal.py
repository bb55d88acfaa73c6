"""One session's folder on the disk, and the file of events in it that only ever grows."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import threading
from datetime import datetime
from pathlib import Path

EVENTS = "events.jsonl"
VERSION = 1
"""Of the folder's format, as a session's settings tell it."""
NO_SYNC = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
MAX_NAME_CHARACTERS = 80
MAX_NAME_BYTES = 200
"""Of a folder's name without date and number: file systems take 255 bytes, whatever the characters."""


class Journal:
    """Appends whole lines, and puts them on the disk when asked. Folder and file are this user's alone.

    The file is locked (flock) for as long as it is written, so that a reader can tell a session that was cut off from
    one that is going on.

    Attributes:
        folder: the session's own folder, `root/YYYY-MM-DD HH-MM-SS NAME/`.
    """

    def __init__(self, root: Path, name: str) -> None:
        """Makes the folder and an empty file, both on the disk before this returns. Raises OSError."""
        made = _make_root(root)
        self.folder = _new_folder(root, name)
        self._file = -1
        self._closing = threading.Lock()
        try:
            self._file = os.open(self.folder / EVENTS, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            with contextlib.suppress(OSError):  # a network disk without locks: there, no session counts as going on
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for folder in (self.folder, root, *made):
                _sync_folder(folder)
        except OSError:
            self.discard()
            raise

    def append(self, data: bytes) -> None:
        """All of it or nothing. Raises OSError: what was there before stays whole."""
        size = os.fstat(self._file).st_size
        try:
            while data:  # one call, as a rule; a disk that is nearly full takes a part and refuses the rest
                data = data[os.write(self._file, data) :]
        except OSError:
            os.ftruncate(self._file, size)
            raise

    def is_gone(self) -> bool:
        """Whether nobody finds the file any more: the folder was removed or moved, or its disk unmounted."""
        try:
            found = os.stat(self.folder / EVENTS)
        except OSError:
            return True
        return not os.path.samestat(found, os.fstat(self._file))

    def sync(self) -> None:
        """Puts what was appended on the disk. From any thread; takes as long as the disk does. Raises OSError."""
        with self._closing:
            if self._file >= 0:
                _sync(self._file)

    def close(self) -> None:
        """No more; harmless when closed already. Raises OSError when the disk refuses what was appended."""
        with self._closing:
            if self._file < 0:
                return
            file = self._file
            self._file = -1
            try:
                _sync(file)
            finally:
                os.close(file)

    def discard(self) -> None:
        """Takes a session away again that could not be begun."""
        with contextlib.suppress(OSError):
            self.close()
        with contextlib.suppress(OSError):
            (self.folder / EVENTS).unlink(missing_ok=True)
            self.folder.rmdir()


def is_written(folder: Path) -> bool:
    """Whether a program is writing that session just now."""
    try:
        file = os.open(folder / EVENTS, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(file)
    return False


def _make_root(root: Path) -> list[Path]:
    """Makes it where it is missing, for this user alone. Returns the folders that have a new entry by that."""
    missing = [folder for folder in (root, *root.parents) if not folder.exists()]
    root.parent.mkdir(parents=True, exist_ok=True)
    root.mkdir(mode=0o700, exist_ok=True)
    return [folder.parent for folder in missing]


def _new_folder(root: Path, name: str) -> Path:
    """A folder that no other session has: two started in the same second differ by a number."""
    stem = f"{datetime.now():%Y-%m-%d %H-%M-%S} {_safe(name)}"
    for number in range(1, 100):
        folder = root / (stem if number == 1 else f"{stem} ({number})")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(f"{stem} exists 99 times")


def _safe(name: str) -> str:
    """The name as every file system takes it."""
    plain = re.sub(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]+', "-", name).strip(" .-")[:MAX_NAME_CHARACTERS]
    cut = plain.encode("utf-8", "replace")[:MAX_NAME_BYTES].decode("utf-8", "ignore")
    return cut.strip(" .-") or "session"


def _sync_folder(folder: Path) -> None:
    """Puts the names in a folder on the disk. Raises OSError."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _sync(file)
    finally:
        os.close(file)


def _sync(file: int) -> None:
    """Raises OSError, but not where the file system knows no such thing."""
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in NO_SYNC:
            raise
