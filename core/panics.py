"""Panics of native code: PyO3 raises them as no `Exception`, so that they pass by whoever catches every one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

PANIC = "PanicException"
"""Its module cannot be imported, so that the name must do."""


@contextmanager
def panics_in_words(told: Exception) -> Iterator[None]:
    """Raise `told` where native code panics inside."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise told from error
