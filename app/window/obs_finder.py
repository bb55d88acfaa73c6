"""Asks OBS which scenes it has, without the window waiting for it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.errors import CourtsideError

if TYPE_CHECKING:
    from app.outputs.obs import ObsOptions


class ObsFinder(QObject):
    """One question at a time.

    Signals:
        found: an `app.outputs.obs_scene.ObsFound`. failed: why there is none, in words.
    """

    found = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def look(self, options: ObsOptions) -> None:
        """Does nothing while an answer is awaited, which takes some seconds at most."""
        if not self.busy:
            self._thread = threading.Thread(target=self._run, args=(options,), name="OBS finder", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Tells nothing more."""
        self._closed = True
        if self._thread is not None:
            self._thread.join()

    def _run(self, options: ObsOptions) -> None:
        from app.outputs.obs import address_of
        from app.outputs.obs_scene import look

        try:
            found = look(address_of(options))
        except CourtsideError as error:
            if not self._closed:
                self.failed.emit(str(error))
            return
        if not self._closed:
            self.found.emit(found)
