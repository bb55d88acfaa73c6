"""Keeping the index up with the folders: what is new is added, what has gone is taken out."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from app.library.scan import Row, Stamp, Text, read_annotations, read_events
from core.errors import SessionError

TEXT_BITS = 24
"""A text's row is its session's id times 2^24, plus its place in the session: newest first is by row."""
NOTES_FROM = 1 << (TEXT_BITS - 1)
"""Texts from the events have places below this, those from the notes above."""
COMMIT_S = 0.5
"""How long one transaction may last: others wait no longer."""
COLUMNS = ", ".join(Row.__slots__)
LATEST_S = 2**32
"""Sessions that claim to have begun later are taken to have begun then."""


class Index:
    """The tables of one library, brought up to date from its folders.

    Attributes:
        skipped: of each session that could not be read, one sentence why.
    """

    def __init__(self, connection: sqlite3.Connection, root: Path) -> None:
        self.skipped: list[str] = []
        self._connection = connection
        self._root = root
        self._began = 0.0

    def update(self) -> int:
        """Read what has changed. Returns how many sessions that were. Raises SessionError, sqlite3.Error."""
        found = self._found()
        changed = self._changed(found)
        if not changed:
            return 0
        with self._writing():
            for folder in changed:
                self._read(folder, found.get(folder))
                self._breathe()
        return len(changed)

    def _found(self) -> dict[str, Stamp]:
        """The sessions on the disk; a folder without events is none."""
        try:
            with os.scandir(self._root) as entries:
                folders = [entry.name for entry in entries if not entry.name.startswith(".")]
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SessionError("The sessions cannot be read", f"{self._root}: {error.strerror}") from error
        root = str(self._root)
        stamps = {folder: Stamp.of(os.path.join(root, folder)) for folder in folders}
        return {folder: stamp for folder, stamp in stamps.items() if stamp is not None}

    def _changed(self, found: dict[str, Stamp]) -> list[str]:
        """Folders that are new, different or gone, the oldest name first."""
        query = "SELECT folder, inode, mtime_ns, file_bytes, notes_mtime_ns, notes_bytes FROM sessions"
        known = {folder: Stamp(*stamp) for folder, *stamp in self._connection.execute(query)}
        return sorted(folder for folder in found.keys() | known.keys() if found.get(folder) != known.get(folder))

    def _read(self, folder: str, stamp: Stamp | None) -> None:
        """One session, from what the tables hold by now: another program may have been quicker."""
        selected = f"SELECT id, {COLUMNS} FROM sessions WHERE folder = ?"
        known = self._connection.execute(selected, (folder,)).fetchone()
        number = known[0] if known else None
        row = Row(*known[1:]) if known else Row(folder)
        if stamp is None:
            self._delete(number)
            return
        try:
            texts, anew = read_events(self._root / folder, row, stamp)
            notes = read_annotations(self._root / folder, row, stamp)
        except OSError as error:
            self.skipped.append(f"{self._root / folder} cannot be read and is left out ({error.strerror})")
            return
        if anew:
            self._delete(number)
            number = None
        self._write(number, row, texts, notes)

    def _write(self, number: int | None, row: Row, texts: list[Text], notes: list[Text]) -> None:
        number = self._free_id(row.started_at) if number is None else number
        first = number << TEXT_BITS
        row.marks += _marks(notes) - self._noted_marks(first)
        self._delete_texts(first + NOTES_FROM, first + 2 * NOTES_FROM - 1)
        places = ", ".join("?" * (1 + len(Row.__slots__)))
        self._connection.execute(f"REPLACE INTO sessions (id, {COLUMNS}) VALUES ({places})", (number, *astuple(row)))
        rows = [(first + text.number, text.text, text.kind, text.at) for text in texts if text.number < NOTES_FROM]
        rows += [(first + NOTES_FROM + note.number, note.text, note.kind, note.at) for note in notes]
        self._connection.executemany("INSERT OR REPLACE INTO words (rowid, text, kind, at) VALUES (?, ?, ?, ?)", rows)

    def _noted_marks(self, first: int) -> int:
        """The marks from the notes as they were: all notes are written anew."""
        query = "SELECT count(*) FROM words WHERE rowid BETWEEN ? AND ? AND kind = 'mark'"
        return self._connection.execute(query, (first + NOTES_FROM, first + 2 * NOTES_FROM - 1)).fetchone()[0]

    def _free_id(self, started_at: float) -> int:
        """An id that tells when the session began, to a tenth of a second, and is nobody's yet."""
        number = 1 + int(10 * min(max(started_at, 0.0), LATEST_S))
        while self._connection.execute("SELECT 1 FROM sessions WHERE id = ?", (number,)).fetchone():
            number += 1
        return number

    def _delete(self, number: int | None) -> None:
        if number is not None:
            self._connection.execute("DELETE FROM sessions WHERE id = ?", (number,))
            self._delete_texts(number << TEXT_BITS, ((number + 1) << TEXT_BITS) - 1)

    def _delete_texts(self, first: int, last: int) -> None:
        self._connection.execute("DELETE FROM words WHERE rowid BETWEEN ? AND ?", (first, last))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._begin()
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._began = time.monotonic()

    def _breathe(self) -> None:
        """Let others write, now and then."""
        if time.monotonic() - self._began > COMMIT_S:
            self._connection.execute("COMMIT")
            self._begin()


def _marks(notes: list[Text]) -> int:
    return sum(note.kind == "mark" for note in notes)
