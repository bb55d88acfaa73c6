"""A fault of one release of the Qt binding, and what keeps it from ending the program."""

from __future__ import annotations

import ctypes
import sys

import PySide6

FAULTY = (6, 12)
"""PySide6 6.12.0 gives away a reference to None or True that it does not own, at every call that returns one. From
Python 3.12 on those objects cannot die; before, the interpreter aborts after some thousand calls (`none_dealloc`)."""
REFERENCES = 1 << 40


def keep_constants_alive() -> None:
    """Gives None, True and False references to spare where the binding would use theirs up. Call it before any Qt."""
    if sys.version_info >= (3, 12) or PySide6.__version_info__[:2] != FAULTY:
        return
    for constant in (None, True, False):
        ctypes.c_ssize_t.from_address(id(constant)).value += REFERENCES
