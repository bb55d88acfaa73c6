"""Of which programmes a training batch is made."""

from __future__ import annotations

from dataclasses import dataclass, fields

from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Mix:
    """Chunks a batch of each programme; those of football are painted on the device, the others carry their pictures.

    Attributes:
        football: matches. freedoom: played in ViZDoom as they are used. desktop: drawn sessions.
        unknown: footage on which nothing is to be said.
    """

    football: int = 0
    freedoom: int = 0
    desktop: int = 0
    unknown: int = 0

    @property
    def batch(self) -> int:
        """Chunks in all."""
        return self.football + self.freedoom + self.desktop + self.unknown


def parse_mix(text: str) -> Mix:
    """A mix from "football=28,unknown=8"; programmes left out have no chunks. Raises UsageError for anything else."""
    known = [f.name for f in fields(Mix)]
    chunks = dict.fromkeys(known, 0)
    for part in text.split(","):
        name, _, number = part.partition("=")
        if name not in chunks or not number.isdecimal():
            raise UsageError("No such mix", f"{part!r}; write NAME=CHUNKS with NAME one of {', '.join(known)}")
        chunks[name] = int(number)
    mix = Mix(**chunks)
    if not mix.batch:
        raise UsageError("Empty mix", "at least one programme needs chunks, as in football=28,unknown=8")
    return mix
