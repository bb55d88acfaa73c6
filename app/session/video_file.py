"""`video.mkv`: what was watched, with the lines as subtitles and the marks as chapters; whole up to a kill -9."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.session.plain_text import one_row, without_markup
from app.session.sound_track import SoundFormat, SoundTrack

if TYPE_CHECKING:
    import av
    import numpy as np

VIDEO = "video.mkv"
MILLISECONDS = Fraction(1, 1000)
"""Matroska's own clock: a picture is told to the millisecond, however odd the times between two."""
KEYFRAME_EVERY_S = 2.0
MAX_SIZE = (1920, 1080)
ENCODERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("h264_nvenc", {"preset": "p1", "tune": "ll", "rc": "constqp", "qp": "28", "forced-idr": "1"}),
    ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "crf": "28", "forced-idr": "1"}),
    ("libopenh264", {}),
    ("mpeg4", {"qscale": "6"}),
)
"""The first that works here is taken: the one of a GPU where there is one."""
CRASH_SAFE = {"max_interleave_delta": "200000", "flush_packets": "1", "cluster_time_limit": "400"}
"""Pictures are written at once, and do not wait for a subtitle, of which there may be none for long (us); nor for the
end of a cluster, which Matroska writes as a whole (ms)."""
ASS_HEADER = (
    b"[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\nFormat: Text\n"
)


class VideoFile:
    """One video being written. All in one thread.

    Attributes:
        path: the file. encoder: its encoder's name. frames: how many pictures are in it. sounds: its tracks of sound.
    """

    def __init__(self, path: Path, shape: tuple[int, ...], sounds: Sequence[SoundFormat] = ()) -> None:
        """`shape`: of the first picture, (height, width, 3); a larger one than MAX_SIZE is made smaller.

        Raises OSError where the file cannot be made, or nothing here can encode it.
        """
        import av

        self.path = path
        self.frames = 0
        self._size = _even_size(shape[1], shape[0])
        self.encoder, options = _working_encoder()
        self._last_at = -1
        self._keyframe_at = -KEYFRAME_EVERY_S
        self._chapters: list[tuple[float, str]] = []
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self._container = av.open(str(path), "w", format="matroska", container_options=CRASH_SAFE)
        self._video: Any = self._container.add_stream(self.encoder, rate=30)
        _set_up(self._video.codec_context, self._size, options)
        self._captions = self._container.add_stream("subrip")
        self._captions.codec_context.time_base = MILLISECONDS
        self._captions.codec_context.subtitle_header = ASS_HEADER  # type: ignore[attr-defined]
        self._captions.metadata["title"] = "Commentary"
        self.sounds = [SoundTrack(self._container, sound) for sound in sounds]
        self._container.start_encoding()

    def add(self, image: np.ndarray, at: float) -> None:
        """A picture, uint8 RGB (height, width, 3), shown from the source second `at` on. Raises OSError."""
        from av.video.frame import PictureType

        stamp = round(at * 1000)
        if stamp <= self._last_at:
            return
        frame = self._converted(image)
        frame.pts = stamp
        frame.time_base = MILLISECONDS
        if at - self._keyframe_at >= KEYFRAME_EVERY_S:
            frame.pict_type = PictureType.I
            self._keyframe_at = at
        self._last_at = stamp
        self.frames += 1
        self._container.mux(self._video.encode(frame))

    def caption(self, start: float, end: float, text: str) -> None:
        """A line, shown during the source seconds [start, end). Raises OSError."""
        import av

        packet = av.Packet(without_markup(one_row(text)).encode("utf-8", "replace"))
        packet.stream = self._captions
        packet.time_base = MILLISECONDS
        packet.pts = packet.dts = round(start * 1000)
        packet.duration = round((end - start) * 1000)
        self._container.mux(packet)

    def mark(self, at: float, text: str) -> None:
        """A chapter begins; chapters are written when the file is closed."""
        self._chapters.append((at, text))

    def close(self) -> None:
        """Ends the file. Raises OSError: what was written stays playable."""
        if self._chapters:
            self._container.set_chapters(_chapters(self._chapters, self._last_at / 1000))
        try:
            self._container.mux(self._video.encode(None))
            for sound in self.sounds:
                sound.finish(self._last_at / 1000)
        finally:
            self._container.close()

    def abandon(self) -> None:
        """Lets go of a file that cannot be written any more."""
        with suppress(OSError):
            self._container.close()

    def _converted(self, image: np.ndarray) -> av.VideoFrame:
        """The picture as the encoder takes it; one of another shape than the first between black bars."""
        import av
        import numpy as np

        height, width = image.shape[:2]
        frame = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(image), "rgb24")
        if abs(width * self._size[1] - height * self._size[0]) > 2 * max(width, height):
            frame = av.VideoFrame.from_numpy_buffer(_between_bars(frame, self._size), "rgb24")
        return frame.reformat(*self._size, format="yuv420p", threads=1)


def _even_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the video: no larger than MAX_SIZE, and even, as the encoders want it."""
    scale = min(1.0, MAX_SIZE[0] / width, MAX_SIZE[1] / height)
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _between_bars(frame: av.VideoFrame, size: tuple[int, int]) -> np.ndarray:
    """As large as it fits into `size` without being stretched."""
    import numpy as np

    scale = min(size[0] / frame.width, size[1] / frame.height)
    width = max(1, int(frame.width * scale))
    height = max(1, int(frame.height * scale))
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    left = (size[0] - width) // 2
    top = (size[1] - height) // 2
    canvas[top : top + height, left : left + width] = frame.reformat(width, height).to_ndarray()
    return canvas


def _working_encoder() -> tuple[str, dict[str, str]]:
    """The first of ENCODERS that encodes a picture here. Raises OSError when none does."""
    import av

    for name, options in ENCODERS:
        try:
            codec: Any = av.CodecContext.create(name, "w")
            _set_up(codec, (256, 256), options)
            probe = av.VideoFrame(256, 256, "yuv420p")
            probe.pts = 0
            codec.encode(probe)
            codec.encode(None)
        except (av.error.FFmpegError, ValueError, OSError):
            continue
        return name, options
    raise OSError("no video encoder works here")


def _set_up(codec: Any, size: tuple[int, int], options: dict[str, str]) -> None:
    codec.width, codec.height = size
    codec.pix_fmt = "yuv420p"
    codec.time_base = MILLISECONDS
    codec.thread_count = 1  # so that what it costs is counted in the thread that pays, and held down there
    codec.colorspace = 6  # BT.601, in the range of television: what the conversion from RGB makes
    codec.color_range = 1
    codec.options = dict(options)


def _chapters(marks: list[tuple[float, str]], end: float) -> Any:
    ordered = sorted(marks)
    ends = [at for at, _ in ordered[1:]] + [max(end, ordered[-1][0])]
    return [
        {
            "id": number,
            "start": round(at * 1000),
            "end": round(stop * 1000),
            "time_base": MILLISECONDS,
            "metadata": {"title": one_row(text) or f"Mark {number}"},
        }
        for number, ((at, text), stop) in enumerate(zip(ordered, ends, strict=True), 1)
    ]
