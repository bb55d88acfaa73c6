"""The library's index: an SQLite file beside the sessions. It can be thrown away: the folders hold everything."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

FILE = ".library.sqlite3"
SCHEMA_VERSION = 3
BUSY_S = 5.0
"""How long one program waits for another that writes; a write is one session, never more."""

SCHEMA = """
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,         -- grows with the time a session began: newest first is by id
    folder TEXT NOT NULL UNIQUE,    -- below the sessions folder
    started_at REAL NOT NULL,       -- seconds since 1970
    name TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL, model TEXT NOT NULL, persona TEXT NOT NULL,
    tags TEXT NOT NULL,             -- one a line
    length_s REAL NOT NULL, lines INTEGER NOT NULL, words INTEGER NOT NULL, questions INTEGER NOT NULL,
    marks INTEGER NOT NULL, gaps INTEGER NOT NULL, dropped INTEGER NOT NULL, damaged INTEGER NOT NULL,
    bytes INTEGER NOT NULL,         -- of everything in the folder
    pictures INTEGER NOT NULL, video INTEGER NOT NULL,
    broken_off INTEGER NOT NULL,    -- it should have a closing record, and has none (yet)
    inode INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, file_bytes INTEGER NOT NULL,
    read_bytes INTEGER NOT NULL,    -- whole lines alone
    head INTEGER NOT NULL,          -- checksum of the first of them
    records INTEGER NOT NULL, notes_mtime_ns INTEGER NOT NULL, notes_bytes INTEGER NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(
    text, kind UNINDEXED, at UNINDEXED,
    prefix = '1 2 3', tokenize = "unicode61 remove_diacritics 2"
);
"""


class OtherSchema(sqlite3.DatabaseError):
    """The file is an index of another version of this program, or no index at all."""


def opened(root: Path) -> sqlite3.Connection:
    """The index of that sessions folder, made anew when it is missing, of another schema or no database.

    On a disk that cannot be written it is in memory, for as long as the program runs.
    """
    path = root / FILE
    try:
        return _ready(path)
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            remove(root)
    try:
        return _ready(path)
    except sqlite3.DatabaseError:
        return _ready(None)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, and not the disk, or another program that writes for too long."""
    damage = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(error, OtherSchema) or getattr(error, "sqlite_errorcode", 0) & 0xFF in damage


def remove(root: Path) -> None:
    """Throw the index away. Another program that has it open goes on with what it has."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            (root / (FILE + suffix)).unlink()


def is_in_memory(connection: sqlite3.Connection) -> bool:
    """Whether the disk refused the index."""
    return not connection.execute("PRAGMA database_list").fetchone()[2]


def _ready(path: Path | None) -> sqlite3.Connection:
    if path is not None and path.parent.is_dir():
        _make_private(path)
    connection = sqlite3.connect(path or ":memory:", timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -16384")
        if not _is_made(connection):
            connection.execute("BEGIN IMMEDIATE")
            if not _is_made(connection):  # another program may just have done it
                _make(connection)
            connection.execute("COMMIT")
        return connection
    except sqlite3.Error:
        connection.close()
        raise


def _make_private(path: Path) -> None:
    """An empty file for this user alone; SQLite gives those beside it the same rights."""
    with suppress(OSError):  # there already, or on a disk that cannot be written
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _is_made(connection: sqlite3.Connection) -> bool:
    """Whether the tables are there. Raises OtherSchema for what is not of this version."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == SCHEMA_VERSION:
        connection.execute("SELECT max(id) FROM sessions").fetchone()
    elif version or tables:
        raise OtherSchema(f"index of version {version}")
    return bool(tables)


def _make(connection: sqlite3.Connection) -> None:
    for statement in SCHEMA.strip().split(";\n"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
