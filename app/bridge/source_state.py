"""What a source tells while it goes on, as markers between its pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from core.source_messages import PrivateWindow, SourceTrouble

if TYPE_CHECKING:
    from app.bridge.mailbox import Marker
    from app.capture.source import SourceNotice


class SourceState:
    """Belongs to the capture thread. Times are source seconds on the stream's clock."""

    def __init__(self, put: Callable[[Marker], None]) -> None:
        """put: queues a marker behind the pictures so far."""
        self._put = put
        self._private = False
        self._trouble: Literal["", "lost", "still"] = ""
        self._at = 0.0

    @property
    def lost_until(self) -> float | None:
        """The last time heard of while the source is away; None when it is not."""
        return self._at if self._trouble == "lost" else None

    def hear(self, notice: SourceNotice, at: float) -> None:
        """The source tells something."""
        self._at = at
        if notice.title:
            self._put(notice)
        self._set_private(notice.private)
        if notice.lost:
            self._set_trouble("lost")
        elif notice.title:
            self._set_trouble("still" if notice.still else "")

    def see(self, at: float) -> None:
        """The source gives a picture."""
        self._at = at
        self._set_private(False)
        if self._trouble == "lost":
            self._set_trouble("")

    def _set_private(self, private: bool) -> None:
        if private != self._private:
            self._private = private
            self._put(PrivateWindow(self._at, private))

    def _set_trouble(self, trouble: Literal["", "lost", "still"]) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._put(SourceTrouble(self._at, trouble))
