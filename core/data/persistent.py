"""Reading on in files in which a stream begins half way (broadcast recordings, damaged ones)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def read_on(begin: Callable[[], Iterator[Item]]) -> Iterator[Item]:
    """All that PyAV's `demux` or `decode` gives.

    PyAV raises IndexError at the first packet of a stream that was not there when the file was opened. That packet is
    read then, so beginning again goes on behind it.
    """
    while True:
        try:
            yield from begin()
        except IndexError:
            continue
        return
