"""Live pictures through FFmpeg: the common part of cameras and network streams."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.capture.media_clock import MediaClock
from core.errors import SourceError
from core.types import Frame
from core.video.chunker import FrameSampler
from core.video.reader import reason, upright

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 5.0


class LiveVideo:
    """Anything FFmpeg opens that goes on by itself. Only the pictures that are wanted are converted.

    When it ends or falls silent, `read` raises SourceError: nobody asked it to. A stored one (`paced`), which comes as
    fast as it is taken, is played in real time and may end.
    """

    context = ""
    live = True
    warning = ""

    def __init__(
        self,
        name: str,
        options: CaptureOptions,
        url: str,
        form: str | None = None,
        *,
        ffmpeg_options: dict[str, str] | None = None,
        paced: bool = False,
    ) -> None:
        self.name = name
        self._paced = paced
        self._url = url
        self._form = form
        self._ffmpeg_options = ffmpeg_options or {}
        self._sampler = FrameSampler(options.rate)
        self._clock = MediaClock()
        self._interrupted = threading.Event()
        self._container: Any = None
        self._frames: Iterator[Any] = iter(())
        self._ratio: Any = None

    def open(self) -> None:
        import av

        try:
            self._container = av.open(
                self._url, format=self._form, options=self._ffmpeg_options, timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S)
            )
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise self.not_opened(reason(error)) from error
        if not self._container.streams.video:
            raise SourceError("No picture", f"{self.name} has no picture track")
        stream = self._container.streams.video[0]
        stream.thread_type = "SLICE"  # threads by frame would hold several frames back
        self._ratio = stream.sample_aspect_ratio
        self._frames = self._container.decode(stream)

    def not_opened(self, why: str) -> SourceError:
        """The error for a device or an address that does not answer."""
        return SourceError("Cannot open the source", f"{self.name}: {why}")

    def read(self) -> Frame | None:
        while not self._interrupted.is_set() and (frame := self._next()) is not None:
            now = time.monotonic()
            media_time = self._clock.at(frame.time, now)
            if self._paced:
                self._interrupted.wait(max(self._clock.ahead(media_time, now), 0.0))
            sample = self._sampler.sample(media_time)
            if sample is not None:
                return Frame(upright(frame, self._ratio), time.monotonic(), sample / self._sampler.fps)
        return None

    def interrupt(self) -> None:
        self._interrupted.set()

    def close(self) -> None:
        self._frames = iter(())
        if self._container is not None:
            self._container.close()
            self._container = None

    def _next(self) -> Any:
        """The next frame; None at the end of a stored stream."""
        import av

        try:
            return next(self._frames)
        except (StopIteration, av.error.EOFError) as error:
            if self._paced:
                return None
            raise SourceError("The source ended", f"{self.name} gives no more pictures") from error
        except av.error.FFmpegError as error:
            raise SourceError("The source was lost", f"{self.name}: {reason(error)}") from error
