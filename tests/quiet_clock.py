"""A clock for what the product promises in seconds: it stands still while the machine makes somebody wait.

`begun = quiet_s()`, then `assert quiet_s() - begun < 2` holds a bound to the letter on a machine that has nothing else
to do, and fails nothing where others have its processors. What waits for an event waits long by `time.monotonic()`;
what must not be early is measured by that, too.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path

PRESSURE = ("/proc/pressure/cpu", "/proc/pressure/io")
"""Linux's account of how long some task has waited for a processor, or for a disk (since 4.20, where switched on)."""
STOLEN = 8
"""The column of /proc/stat: ticks that a hypervisor gave to other machines."""


def quiet_s() -> float:
    """Seconds of `time.monotonic()` without those in which a task had to wait."""
    return time.monotonic() - lost_s()


def lost_s() -> float:
    """Seconds since the start of the machine in which a task had to wait; the difference of two is what may be late."""
    return _waited_s() + _stolen_s()


def _waited_s() -> float:
    waited_us = 0
    for file in PRESSURE:
        with contextlib.suppress(OSError):
            found = re.search(r"^some .*total=(\d+)", Path(file).read_text())
            waited_us += int(found[1]) if found else 0
    return waited_us / 1e6


def _stolen_s() -> float:
    try:
        ticks = int(Path("/proc/stat").read_text().split(maxsplit=STOLEN + 1)[STOLEN])
    except (OSError, IndexError, ValueError):
        return 0.0
    return ticks / os.sysconf("SC_CLK_TCK")
