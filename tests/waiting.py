"""Waiting for what must come: as long as a busy machine may need, and not a moment longer than it takes."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 60.0
"""More than anything takes: who reaches it waits for what never comes. Bounds of the product are held elsewhere."""


def until(condition: Callable[[], object], what: str = "it never came", patience_s: float = PATIENCE_S) -> None:
    """Returns as soon as `condition` holds. Raises TimeoutError with `what`."""
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.01)
