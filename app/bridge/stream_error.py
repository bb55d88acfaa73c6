"""Whatever ends a stream, in words."""

from __future__ import annotations

import logging

from core.errors import CourtsideError, EngineError, missing_library

log = logging.getLogger(__name__)


def in_words(error: Exception) -> CourtsideError:
    """The error for people; a developer finds the rest of one that nobody expected in the log."""
    if isinstance(error, CourtsideError):
        return error
    if isinstance(error, ModuleNotFoundError):
        return missing_library(error)
    log.error("the stream failed", exc_info=error)
    return EngineError("The stream stopped", f"{type(error).__name__}: {error}")
