"""The sound of a stored file, decoded in a process of its own beside its pictures, and handed out by media time."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.capture.decoder import limit_process
from app.capture.hang_watch import READS_A_FILE, HangWatch
from app.capture.sound_tap import CHANNELS, SAMPLE_RATE
from core.parent_process import signals_blocked

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np

AHEAD_S = 1.0
"""How much is asked for beyond what is needed now."""
END_S = 0.5

Block = tuple[float, "np.ndarray"]
"""The second at which it begins, and int16 (samples, CHANNELS)."""


class SoundDecoder:
    """Belongs to one thread. A file that cannot be decoded any further has no more sound; nothing is raised.

    Attributes:
        reached: the second up to which everything was handed out; infinite when there is no more.
        failed: its process has died, or hangs.
    """

    def __init__(self, path: Path) -> None:
        """Starts the process; returns at once."""
        self.reached = 0.0
        self.failed = False
        self._asked: HangWatch | None = None  # since it was asked for what comes next
        self._begin: float | None = None  # where the next answer begins, when that is not behind the last
        self._search = 0  # how often one has gone elsewhere
        self._has_sound: bool | None = None
        context = multiprocessing.get_context("spawn")
        self._connection, child_end = context.Pipe()
        self._process = context.Process(target=serve, args=(child_end, str(path)), name="courtside-sound", daemon=True)
        with signals_blocked({signal.SIGINT}):
            self._process.start()
        child_end.close()

    def has_sound(self, patience_s: float) -> bool:
        """Whether there is any; False, too, where that is not known in time."""
        if self._has_sound is None:
            self._has_sound = bool(self._answer(patience_s))
            if not self._has_sound:
                self.reached = float("inf")
        return self._has_sound

    def read(self, until: float, *, wait: bool) -> list[Block]:
        """What comes next, up to a second past `until`; [] where that has not been decoded, and one does not wait."""
        found: list[Block] = []
        while self.reached < until:
            asked = self._asked or self._send(until + AHEAD_S)
            if asked is None:
                break
            if wait:
                asked.wait([self._connection])
            if (answer := self._answer()) is None:
                if wait or asked.hangs():
                    self._fail()
                break
            search, reached, blocks = answer
            if search == self._search:  # else it was asked for at another place
                self._asked = None
                self.reached = reached
                found += blocks
        return found

    def seek(self, seconds: float) -> None:
        """What is read next begins there."""
        if self.failed or not self._has_sound:
            return
        self.reached = seconds
        self._begin = seconds
        self._search += 1
        self._asked = None

    def close(self) -> None:
        """Ends the process at once."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join(END_S)
        self._connection.close()

    def _send(self, until: float) -> HangWatch | None:
        """Asks for all up to there; None where there is nobody to ask."""
        try:
            self._connection.send((self._search, until, self._begin))
        except OSError:
            self._fail()
            return None
        self._begin = None
        self._asked = HangWatch(READS_A_FILE, self._process.pid)
        return self._asked

    def _answer(self, patience_s: float = 0.0) -> Any:
        """None where there is none yet, or no more."""
        try:
            return self._connection.recv() if self._connection.poll(patience_s) else None
        except (EOFError, OSError):
            self._fail()
            return None

    def _fail(self) -> None:
        self.failed = True
        self.reached = float("inf")


def serve(connection: Connection, path: str) -> None:
    """The process: says whether there is sound, then answers (search, until, begin) with (search, reached, blocks)."""
    limit_process()
    with suppress(OSError, EOFError):
        blocks = _blocks(path, 0.0)
        first = next(blocks, None)
        connection.send(first is not None)
        waiting = [first] if first is not None else []
        while True:
            search, until, begin = connection.recv()
            if begin is not None:
                blocks = _blocks(path, begin)
                waiting = []
            reached = float("inf")
            for start, samples in blocks:
                waiting.append((start, samples))
                if start >= until:
                    reached = start
                    break
            connection.send((search, reached, waiting))
            waiting = []
    os._exit(0)


def _blocks(path: str, begin: float) -> Iterator[Block]:
    """All sound of a file from that second on, by seconds since its start; what is damaged ends it."""
    import av
    import numpy as np

    try:
        with av.open(f"file:{path}", metadata_errors="replace") as container:
            if not container.streams.audio:
                return
            origin = (container.start_time or 0) / av.time_base
            if begin > 0:
                with suppress(av.error.FFmpegError):  # then all before it is decoded
                    container.seek(round((begin + origin) * av.time_base), backward=True)
            resampler = av.AudioResampler(format="s16", layout="stereo", rate=SAMPLE_RATE)
            for frame in container.decode(audio=0):
                for made in resampler.resample(frame):
                    samples = np.ascontiguousarray(made.to_ndarray().reshape(-1, CHANNELS))
                    if made.time is not None and made.time - origin + len(samples) / SAMPLE_RATE > begin:
                        yield made.time - origin, samples
    except (av.error.FFmpegError, OSError, ValueError, MemoryError):
        return
