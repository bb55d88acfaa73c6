"""One error tree. Every error has a title (what went wrong) and a message (why, and what to do).

CourtsideError
 ├─ UsageError        the command line or the settings ask for something that does not exist   (exit status 2)
 ├─ SourceError       a screen, camera, file or stream cannot be opened, or ended badly
 │   └─ SourceRefused   somebody said no: it is not tried again by itself
 ├─ PortalError       the portal of the desktop is not there, or cannot do it
 │   └─ PortalRefused   whoever sits at it said no
 ├─ CheckpointError   a checkpoint is missing, incomplete, damaged or of an unsupported kind
 ├─ SessionError      a session folder cannot be written or read
 ├─ DataError         recordings, subtitles or training samples that cannot be used
 ├─ EndpointError     a chat endpoint is down, refuses, or is not one
 ├─ OutputError       where the commentary should go refuses it: OBS, a sound device
 └─ EngineError       the engine stopped: out of memory, device lost
     └─ EngineGone    its process died or hung
"""

from __future__ import annotations

MAX_MESSAGE = 2000
"""Characters of a message."""


class CourtsideError(Exception):
    """Base of all errors meant for people.

    Attributes:
        title: a few words, no full stop.
        message: one sentence that says why and what to do.
    """

    exit_status = 1

    def __init__(self, title: str, message: str = "") -> None:
        super().__init__(title, message)
        self.title = title
        self.message = _in_one_line(message)

    def __str__(self) -> str:
        return f"{self.title}: {self.message}" if self.message else self.title


def _in_one_line(message: str) -> str:
    """Whatever a file, an address or a library put into it: no line breaks, and not without end."""
    line = " ".join(message.splitlines())
    return line if len(line) <= MAX_MESSAGE else f"{line[:MAX_MESSAGE]}…"


class UsageError(CourtsideError):
    exit_status = 2


class SourceError(CourtsideError):
    pass


class SourceRefused(SourceError):
    pass


class PortalError(CourtsideError):
    pass


class PortalRefused(PortalError):
    pass


class CheckpointError(CourtsideError):
    pass


class SessionError(CourtsideError):
    pass


class DataError(CourtsideError):
    pass


class EndpointError(CourtsideError):
    pass


class OutputError(CourtsideError):
    pass


class EngineError(CourtsideError):
    pass


class EngineGone(EngineError):
    pass


def missing_library(error: ModuleNotFoundError) -> SourceError:
    """The error for people where a library that only some machines have is needed."""
    return SourceError("Missing library", f"{error.name} is not installed (pip install {error.name})")
