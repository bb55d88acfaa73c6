"""Writing a session: every event at once, on the disk within a second, and again when a disk that refused takes it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.session.journal import VERSION, Journal
from app.session.records import Record, encoded, record
from core.errors import SessionError
from core.messages import Failure, Finished, Message, SessionFolder

SYNC_AFTER_S = 0.3
"""How long an event may stay in the system's memory alone; with the disk's own time still within a second."""
RETRY_AFTER_S = 1.0
CLOSE_WITHIN_S = 2.0
MAX_WAITING_BYTES = 16 << 20
"""What is kept for a disk that refuses: some six hours of lines."""


class Recorder:
    """An output that writes every event at once and whole: kill -9 loses at most the line being written.

    A thread of its own puts what was written on the disk within a second, so that a power cut loses no more. What a
    disk refuses is kept in memory, up to MAX_WAITING_BYTES, and written when it can be; where the folder has gone, in
    a new one. Either is told once.

    Attributes:
        folder: the session's own folder; another one after the first has gone.
    """

    name = "The session"

    def __init__(
        self, root: Path, name: str, settings: dict[str, Any], tell: Callable[[Message], None] = lambda message: None
    ) -> None:
        """Makes `root/YYYY-MM-DD HH-MM-SS NAME/` and writes the settings, on the disk before this returns.

        tell: takes what a person should know; and the folder, with the first message and whenever there is a new one.
        Raises SessionError.
        """
        self._root = root
        self._name = name
        self._settings = settings
        self._tell = tell
        self._lock = threading.Lock()  # of all that follows; never held while something is told or synced
        self._work = threading.Condition(self._lock)
        self._waiting: deque[bytes] = deque()  # not written yet
        self._unsynced: list[bytes] = []  # written, and perhaps not yet on the disk
        self._missed = 0
        self._refused = ""  # why, while the disk refuses
        self._broken = ""  # why the file is to be written no more
        self._gone: list[Journal] = []  # to be closed by the thread: a disk that is gone may take its time
        self._news: list[Message] = []
        self._rounds = 0
        self._closed = False
        try:
            self._journal = self._begun({})
        except OSError as error:
            why = f"{root}: {_why(error)}. The commentary goes on without it."
            raise SessionError("The session cannot be written", why) from error
        self.folder = self._journal.folder
        self._news.append(SessionFolder(str(self.folder)))
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)

    def handle(self, message: Message) -> None:
        """Append what the stream says and what the viewer asks for."""
        if isinstance(message, Finished):
            self._rounds = message.rounds
        entry = record(message)
        if entry is not None:
            self._write(entry)
        self._tell_news()

    def close(self) -> None:
        """Writes that the session ended as it should; harmless when closed already.

        Raises SessionError when the disk still refuses: what was kept in memory is lost.
        """
        if self._closed:
            return
        self._write({"type": "closed", "closed_at": time.time(), "rounds": self._rounds}, last=True)
        self._thread.join(CLOSE_WITHIN_S)
        self._tell_news()
        if self._refused or self._thread.is_alive():
            why = f"{self.folder}: {self._refused or 'the disk does not answer'}"
            raise SessionError("The session is not whole", f"{why}. {len(self._waiting)} records are lost.")

    def _begun(self, more: Record) -> Journal:
        """A new folder with the settings on the disk. Raises OSError, and leaves nothing behind then."""
        journal = Journal(self._root, self._name)
        began = {"name": self._name, "version": VERSION, "started_at": time.time(), "clock": time.monotonic()}
        try:
            journal.append(encoded({"type": "settings", **began, **more, **self._settings}))
            journal.sync()
        except OSError:
            journal.discard()
            raise
        return journal

    def _write(self, entry: Record, *, last: bool = False) -> None:
        with self._work:
            if self._closed:
                return
            self._closed = last
            self._waiting.append(encoded(entry))
            self._flush()
            self._forget_too_much()
            if self._thread.ident is None:
                self._thread.start()
            self._work.notify_all()

    def _tell_news(self) -> None:
        """Not under the lock: whoever is told may send a message that is written here."""
        while self._news:
            self._tell(self._news.pop(0))

    # Under the lock

    def _flush(self) -> None:
        """Writes what waits, as far as the disk takes it."""
        try:
            if self._journal.is_gone():
                self._begin_anew("was removed, moved or unmounted")
            elif self._broken:
                self._begin_anew(f"cannot be written ({self._broken})")
            while self._waiting:
                self._append(self._waiting[0])
                self._waiting.popleft()
            if self._missed:
                self._append(encoded({"type": "missed", "records": self._missed}))
                self._missed = 0
        except OSError as error:
            self._say_refused(error)
        else:
            self._say_written()

    def _append(self, data: bytes) -> None:
        self._journal.append(data)
        self._unsynced.append(data)

    def _begin_anew(self, why: str) -> None:
        """What may not have reached the disk, and all that follows, go into a new folder. Raises OSError."""
        gone = self._journal
        self._journal = self._begun({"continues": gone.folder.name})
        self._waiting.extendleft(reversed(self._unsynced))
        self._unsynced = []
        self._broken = ""
        self.folder = self._journal.folder
        self._gone.append(gone)
        told = f"{gone.folder} {why}: from now on it is {self.folder}."
        self._news += [Failure("The session has a new folder", told, fatal=False), SessionFolder(str(self.folder))]

    def _forget_too_much(self) -> None:
        while sum(map(len, self._waiting)) > MAX_WAITING_BYTES:
            self._waiting.popleft()
            self._missed += 1

    def _say_refused(self, error: OSError) -> None:
        if not self._refused:
            told = f"{self.folder}: {_why(error)}. What is said is kept in memory, and written once that is possible."
            self._news.append(Failure("The session cannot be written", told, fatal=False))
        self._refused = _why(error)

    def _say_written(self) -> None:
        if self._refused:
            self._refused = ""
            told = f"{self.folder}: what was kept in memory has been written, too."
            self._news.append(Failure("The session is written again", told, fatal=False))

    # The thread

    def _run(self) -> None:
        """Puts on the disk what was written, and tries again what was refused."""
        while not self._turn():
            self._tell_news()

    def _turn(self) -> bool:
        """One round of that. Whether it was the last."""
        with self._work:
            self._work.wait_for(lambda: self._closed or self._unsynced or self._waiting)
            self._work.wait_for(lambda: self._closed, SYNC_AFTER_S if self._unsynced else RETRY_AFTER_S)
            if self._waiting:
                self._flush()
            last = self._closed
            written = len(self._unsynced)
            journal = self._journal
            over = [*self._gone, *([journal] if last else [])]
            self._gone = []
        self._sync(journal, written)
        for each in over:
            with suppress(OSError):  # told already, or nothing in it is missing
                each.close()
        return last

    def _sync(self, journal: Journal, written: int) -> None:
        """A disk that fails here may have lost what it took: that is written once more, in a new folder."""
        try:
            journal.sync()
        except OSError as error:
            with self._lock:
                self._broken = _why(error)
                self._say_refused(error)
        else:
            with self._lock:
                if journal is self._journal:
                    del self._unsynced[:written]


def _why(error: OSError) -> str:
    return error.strerror or str(error)
