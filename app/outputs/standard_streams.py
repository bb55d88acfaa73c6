"""stdout and stderr, which others may close, fill or stop reading at any time."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from app.session.plain_text import clean, one_row

STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def ensure_open() -> None:
    """Opens those that were closed when the program began: else the next file, a session, would be taken for one."""
    for number, (name, mode) in enumerate(STREAMS):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            os.set_inheritable(opened, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False, errors="replace"))  # noqa: SIM115 to the end


def to_stdout(text: str, before: str = "") -> None:
    """One line for people, at once; `before` it what is ours and may dim it. Raises OSError, as when no one reads."""
    sys.stdout.write(f"{before}{one_row(text)}\n")
    sys.stdout.flush()


def to_stderr(text: str) -> None:
    """For people, at once. Nobody may be there to read it: that ends nothing."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{clean(text)}\n")
        sys.stderr.flush()


def give_up_stdout() -> None:
    """What is written there from now on goes nowhere; else Python would try once more, at its end, and fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
