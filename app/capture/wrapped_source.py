"""The common part of sources that stand in front of another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.capture.source import Source


class WrappedSource:
    """Tells of the source behind it what is asked; `open`, `interrupt` and `close` go to that, unless overridden."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def live(self) -> bool:
        return self._source.live

    @property
    def context(self) -> str:
        return self._source.context

    @property
    def warning(self) -> str:
        return self._source.warning

    def open(self) -> None:
        self._source.open()

    def interrupt(self) -> None:
        self._source.interrupt()

    def close(self) -> None:
        self._source.close()
