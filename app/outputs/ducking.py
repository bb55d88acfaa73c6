"""Other programs are quieter while the voice speaks."""

from __future__ import annotations

import multiprocessing
import os
import shutil

from app.outputs.ducking_process import serve
from core.errors import OutputError


class Ducking:
    """Belongs to one voice. Its process raises the others again, whatever becomes of this one."""

    def __init__(self, share: float) -> None:
        """`share`: of their own volume, 0 to 1. Raises OutputError where there is no `pactl`."""
        if shutil.which("pactl") is None:
            raise OutputError("Others are not lowered", "that needs pactl: apt install pulseaudio-utils")
        self._lowered = False
        context = multiprocessing.get_context("spawn")
        self._connection, child_end = context.Pipe()
        self._process = context.Process(
            target=serve, args=(child_end, os.getpid(), share), name="courtside-ducking", daemon=True
        )
        self._process.start()
        child_end.close()

    def set_lowered(self, lowered: bool) -> None:
        """Returns at once."""
        if lowered != self._lowered:
            self._lowered = lowered
            try:
                self._connection.send(lowered)
            except OSError:  # it was killed: nobody is lowered any more
                return

    def close(self, patience_s: float) -> None:
        """The others are as they were."""
        self._connection.close()
        self._process.join(patience_s)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
