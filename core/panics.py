"""Panics of native code: PyO3 raises them as no `Exception`, so that they pass by whoever catches every one."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PANIC = "PanicException"
"""Its module cannot be imported, so that the name must do."""
STDERR = 2
PANIC_TEXT = re.compile(
    rb"\n?thread '[^\n]*panicked at [^\n]*\n[^\n]*\n(?:[ \t]+[^\n]*\n)*"
    rb"(?:stack backtrace:\n(?:[ \t]+[^\n]*\n)*)?(?:note: [^\n]*\n)?"
)
"""What Rust's hook prints: where, why (lines that go on are indented), and, if asked for, the stack."""
_redirecting = threading.RLock()


@contextmanager
def panics_in_words(told: Exception, *, alone: bool = False) -> Iterator[None]:
    """Raise `told` where native code panics inside.

    alone: keep the text that native code prints from stderr. What any thread writes there meanwhile comes at the end:
    for short calls.
    """
    try:
        if alone:
            with _panic_text_dropped():
                yield
        else:
            yield
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise told from error


@contextmanager
def _panic_text_dropped() -> Iterator[None]:
    """Native code writes to the file descriptor itself: that leads into a file for as long as this lasts."""
    with _redirecting, tempfile.TemporaryFile() as written:
        try:
            _flush_stderr()
            real = os.dup(STDERR)
        except OSError:  # there is no stderr
            yield
            return
        os.dup2(written.fileno(), STDERR)
        try:
            yield
        finally:
            _flush_stderr()
            os.dup2(real, STDERR)
            os.close(real)
            written.seek(0)
            with suppress(OSError):  # nobody reads it any more
                _write(PANIC_TEXT.sub(b"", written.read()))


def _flush_stderr() -> None:
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(STDERR, data) :]
