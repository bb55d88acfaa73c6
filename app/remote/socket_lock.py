"""A lock that the system lets go when its process ends, however it ends."""

from __future__ import annotations

import os
from pathlib import Path


class SocketLock:
    """Held by the one process that listens under a name. The file goes with the last holder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def acquire(self) -> bool:
        """Whether this process holds it now. Raises OSError where the folder refuses."""
        import fcntl

        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                return False
            if self._is_there(file):
                self._file = file
                return True
            os.close(file)  # its last holder removed it between our two calls

    def release(self) -> None:
        if self._file >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = -1

    def _is_there(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), os.stat(self._path))
        except FileNotFoundError:
            return False
