"""All sessions of one folder: listed, filtered, searched. The folders are the truth, the index only finds quickly."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.library import database
from app.library.index import COLUMNS, TEXT_BITS, Index
from app.library.query import Filter, match_expression
from app.library.scan import Row
from app.session.journal import EVENTS, is_written
from core.errors import SessionError, UsageError
from core.paths import user_path

Found = TypeVar("Found")
SNIPPET_TOKENS = 48
MAX_ONE_BY_ONE = 100
"""Sessions looked through one by one; asking for more than that takes longer than passing the others over."""
OPEN = "\x01"
CLOSE = "\x02"


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found.

    Attributes:
        folder, title, started_at: its session.
        kind: line, question, note, mark, correction, context or title.
        at: its source second; None where it is about the session as a whole.
        text: the words round what was found. spans: (start, end) of each place in it.
    """

    folder: str
    title: str
    started_at: float
    kind: str
    at: float | None
    text: str
    spans: tuple[tuple[int, int], ...]


class Library:
    """The sessions below one folder.

    A damaged index is made anew when that is noticed; a disk that cannot be written has it in memory.

    Attributes:
        root: the sessions folder.
        notes: what a person should know: one sentence each.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.notes: list[str] = []
        self._connection = database.opened(root)

    def update(self) -> int:
        """Read what is new or has changed on the disk. Returns how many sessions. Raises SessionError."""
        self.notes = []
        if not self.root.is_dir():
            self.notes.append(f"No sessions yet: {self.root} does not exist")
        elif database.is_in_memory(self._connection):
            self.notes.append(f"{self.root} cannot be written: the index is made anew each time, in memory")
        try:
            return self._mended(self._update)
        except sqlite3.OperationalError as error:
            self.notes.append(f"What is newest may be missing: the index could not be brought up to date ({error})")
            return 0

    def sessions(self, chosen: Filter | None = None, limit: int = -1) -> list[Row]:
        """The newest first; one that is being written is not broken off. Raises SessionError."""
        where, values = _where(chosen or Filter())
        query = f"SELECT {COLUMNS} FROM sessions WHERE {where} ORDER BY id DESC LIMIT ?"
        rows = self._asked(lambda: [Row(*row) for row in self._connection.execute(query, (*values, limit))])
        for row in rows:
            row.broken_off = int(bool(row.broken_off) and not is_written(self.root / row.folder))
        return rows

    def search(self, text: str, chosen: Filter | None = None, limit: int = 50) -> list[Hit]:
        """At most `limit` hits, of the newest sessions first, within one in order. Raises UsageError, SessionError."""
        expression = match_expression(text)
        return self._asked(lambda: self._search(expression, chosen or Filter(), limit))

    def find(self, name: str) -> Path:
        """The folder that `name` means: a path, a session's folder name or title, how either begins, or “latest”.

        Raises SessionError when there is none, UsageError when there are several.
        """
        if (path := user_path(name)).name == EVENTS or (path / EVENTS).is_file():
            return path.parent if path.name == EVENTS else path
        rows = self.sessions()
        if name == "latest":
            if not rows:
                raise SessionError("No such session", f"there is none in {self.root}")
            return self.root / rows[0].folder
        exact = [row for row in rows if name in (row.folder, row.title)]
        close = exact or [row for row in rows if row.folder.startswith(name) or row.title.startswith(name)]
        if not close or not name:
            raise SessionError("No such session", f"“{name}” is none in {self.root} (see courtside sessions list)")
        if len(close) > 1:
            raise UsageError("Several sessions", f"“{name}” is the start of {len(close)}, such as “{close[0].folder}”")
        return self.root / close[0].folder

    def close(self) -> None:
        self._connection.close()

    def _update(self) -> int:
        index = Index(self._connection, self.root)
        changed = index.update()
        self.notes += index.skipped
        return changed

    def _search(self, expression: str, chosen: Filter, limit: int) -> list[Hit]:
        where, values = _where(chosen)
        if where == "1":
            rows = self._rows(expression, "", (), limit)
        else:
            query = f"SELECT id FROM sessions WHERE {where} ORDER BY id DESC"
            rows = self._rows_of([row[0] for row in self._connection.execute(query, values)], expression, limit)
        rows.sort(key=lambda row: (-(row[0] >> TEXT_BITS), row[0]))
        return [self._hit(*row) for row in rows]

    def _rows_of(self, sessions: list[int], expression: str, limit: int) -> list[tuple[int, str, float | None, str]]:
        """The rows of these sessions alone: where they are few, one by one, for a word that is everywhere else, too."""
        if len(sessions) > MAX_ONE_BY_ONE:
            span = (sessions[-1] << TEXT_BITS, ((sessions[0] + 1) << TEXT_BITS) - 1)
            among = f"AND rowid BETWEEN ? AND ? AND rowid >> {TEXT_BITS} IN ({', '.join(map(str, sessions))})"
            return self._rows(expression, among, span, limit)
        rows: list[tuple[int, str, float | None, str]] = []
        for number in sessions:
            span = (number << TEXT_BITS, ((number + 1) << TEXT_BITS) - 1)
            rows += self._rows(expression, "AND rowid BETWEEN ? AND ?", span, limit - len(rows))
            if len(rows) >= limit:
                break
        return rows

    def _rows(
        self, expression: str, meant: str, values: tuple[int, ...], limit: int
    ) -> list[tuple[int, str, float | None, str]]:
        query = (
            f"SELECT rowid, kind, at, snippet(words, 0, '{OPEN}', '{CLOSE}', '…', {SNIPPET_TOKENS}) FROM words "
            f"WHERE words MATCH ? {meant} ORDER BY rowid DESC LIMIT ?"
        )
        return self._connection.execute(query, (expression, *values, limit)).fetchall()

    def _hit(self, number: int, kind: str, at: float | None, marked: str) -> Hit:
        query = "SELECT folder, title, started_at FROM sessions WHERE id = ?"
        folder, title, started_at = self._connection.execute(query, (number >> TEXT_BITS,)).fetchone()
        text, spans = _unmarked(marked)
        return Hit(folder, title, started_at, kind, at, text, spans)

    def _asked(self, work: Callable[[], Found]) -> Found:
        """What the index answers. Raises SessionError when it cannot be read: its disk has gone, for one."""
        try:
            return self._mended(work)
        except sqlite3.Error as error:
            raise SessionError("The library cannot be read", f"{self.root}: {error}") from error

    def _mended(self, work: Callable[[], Found]) -> Found:
        """`work`, done again on a fresh index when the old one is damaged. Raises sqlite3.Error."""
        try:
            return work()
        except sqlite3.DatabaseError as error:
            if not database.is_damage(error):
                raise
        self._rebuild()
        return work()

    def _rebuild(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()
        database.remove(self.root)
        self._connection = database.opened(self.root)
        self._update()
        self.notes.append("The index was damaged and has been made anew from the sessions")


def _where(chosen: Filter) -> tuple[str, list[object]]:
    """The condition on the table `sessions`, and its values."""
    parts: list[tuple[str, object]] = []
    if chosen.since is not None:
        parts.append(("started_at >= ?", chosen.since))
    if chosen.until is not None:
        parts.append(("started_at < ?", chosen.until))
    if chosen.folder:
        parts.append(("folder = ?", chosen.folder))
    for column, text in (("source", chosen.source), ("model", chosen.model), ("tags", chosen.tag)):
        if text:
            parts.append((f"instr(lower({column}), ?)", text.lower()))
    return " AND ".join(condition for condition, _ in parts) or "1", [value for _, value in parts]


def _unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text without its marks, and where they were."""
    pieces = re.split(f"[{OPEN}{CLOSE}]", marked)
    ends = [0]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    spans = tuple((ends[number], ends[number + 1]) for number in range(1, len(pieces), 2))
    return "".join(pieces), spans
