"""Where a level of Freedoom ends: the switches and lines that lead out of it, read from its WAD file."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

EXIT_SPECIALS = frozenset((11, 51, 52, 124))  # switches and trip lines, Doom's own numbers
HEADER = struct.Struct("<4sii")
ENTRY = struct.Struct("<ii8s")
LINE = struct.Struct("<7H")
VERTEX = struct.Struct("<hh")
LUMPS_OF_A_MAP = 11


@lru_cache(maxsize=64)
def exits(wad: Path, name: str) -> tuple[tuple[float, float], ...]:
    """Middles of a map's exit lines, map units; () for a map in another format than Doom's own."""
    with wad.open("rb") as file:
        _, count, at = HEADER.unpack(file.read(HEADER.size))
        file.seek(at)
        entries = [ENTRY.unpack(file.read(ENTRY.size)) for _ in range(count)]
        names = [entry[2].rstrip(b"\0").decode("ascii", "replace").lower() for entry in entries]
        if name.lower() not in names:
            return ()
        first = names.index(name.lower()) + 1
        lumps = {
            lump: entries[number]
            for number, lump in enumerate(names[first : first + LUMPS_OF_A_MAP], first)
            if lump in ("linedefs", "vertexes")
        }
        if len(lumps) < 2:
            return ()
        lines = _records(file.read, file.seek, lumps["linedefs"], LINE)
        corners = _records(file.read, file.seek, lumps["vertexes"], VERTEX)
    ends = [(corners[line[0]], corners[line[1]]) for line in lines if line[3] in EXIT_SPECIALS]
    return tuple(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in ends)


def _records(read, seek, entry, record: struct.Struct) -> list[tuple[int, ...]]:  # type: ignore[no-untyped-def]
    seek(entry[0])
    return list(record.iter_unpack(read(entry[1] - entry[1] % record.size)))
