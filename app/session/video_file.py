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
from core.raw_picture import Colours, RawPicture, equal

if TYPE_CHECKING:
    import numpy as np

VIDEO = "video.mkv"
MILLISECONDS = Fraction(1, 1000)
"""Matroska's own clock: a picture is told to the millisecond, however odd the times between two."""
KEYFRAME_EVERY_S = 2.0
STILL_S = 0.5
"""A picture that does not change is written once in that time."""
MAX_SIZE = (1920, 1080)
ENCODERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("h264_nvenc", {"preset": "p1", "tune": "ll", "rc": "constqp", "qp": "28", "forced-idr": "1"}),
    ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "qp": "26", "forced-idr": "1"}),
    ("libopenh264", {}),
    ("mpeg4", {"qscale": "6"}),
)
"""The first that works here is taken: the one of a GPU where there is one. Of x264, a constant quantizer: its rate
control (crf) looks at each picture first, which takes half as long as encoding it does."""
CRASH_SAFE = {"max_interleave_delta": "200000", "flush_packets": "1", "cluster_time_limit": "400"}
"""Pictures are written at once, and do not wait for a subtitle, of which there may be none for long (us); nor for the
end of a cluster, which Matroska writes as a whole (ms)."""
OF_RGB = Colours(matrix=6, range=1)
"""BT.601, in the range of television: what the conversion from RGB makes."""
SCALER_MATRICES = (1, 4, 7, 9)
"""Of H.273, that FFmpeg's scaler counts in the same way; all others are BT.601 to it."""
ASS_HEADER = (
    b"[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\nFormat: Text\n"
)


class VideoFile:
    """One video being written. All in one thread.

    Attributes:
        path: the file. encoder: its encoder's name. frames: how many pictures were encoded. sounds: its tracks of
            sound.
    """

    def __init__(self, path: Path, first: np.ndarray | RawPicture, sounds: Sequence[SoundFormat] = ()) -> None:
        """`first`: the first picture, of which size and colours are taken; above MAX_SIZE it is made smaller. Planes of
        that size and these colours are encoded as they are.

        Raises OSError where the file cannot be made, or nothing here can encode it.
        """
        import av
        from av.video.reformatter import VideoReformatter

        self.path = path
        self.frames = 0
        self._size = _even_size(first.shape[1], first.shape[0])
        self.encoder, options = _working_encoder()
        self._colours = first.colours if isinstance(first, RawPicture) and first.is_planar else OF_RGB
        self._reformatter = VideoReformatter()
        self._last_at = -1
        self._last: np.ndarray | RawPicture | None = None
        self._left_out: int | None = None  # the stamp of the last picture that was not encoded, as it was the same
        self._keyframe_at = -KEYFRAME_EVERY_S * 1000
        self._chapters: list[tuple[float, str]] = []
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self._container = av.open(str(path), "w", format="matroska", container_options=CRASH_SAFE)
        self._video: Any = self._container.add_stream(self.encoder, rate=30)
        _set_up(self._video.codec_context, self._size, options, self._colours)
        self._captions = self._container.add_stream("subrip")
        self._captions.codec_context.time_base = MILLISECONDS
        self._captions.codec_context.subtitle_header = ASS_HEADER  # type: ignore[attr-defined]
        self._captions.metadata["title"] = "Commentary"
        self.sounds = [SoundTrack(self._container, sound) for sound in sounds]
        self._container.start_encoding()

    def add(self, pixels: np.ndarray | RawPicture, at: float) -> None:
        """A picture, uint8 RGB (height, width, 3) or raw, shown from the source second `at` on. Raises OSError.

        One that is the last one again costs no more than finding that out.
        """
        stamp = round(at * 1000)
        if stamp <= max(self._last_at, self._left_out or -1):
            return
        if self._last is not None and stamp < self._last_at + STILL_S * 1000 and _are_same(self._last, pixels):
            self._left_out = stamp
            return
        self._encode(pixels, stamp)

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
        try:
            if self._left_out is not None and self._last is not None:
                self._encode(self._last, self._left_out)  # it was shown until then
            if self._chapters:
                self._container.set_chapters(_chapters(self._chapters, self._last_at / 1000))
            self._container.mux(self._video.encode(None))
            for sound in self.sounds:
                sound.finish(self._last_at / 1000)
        finally:
            self._container.close()

    def abandon(self) -> None:
        """Lets go of a file that cannot be written any more."""
        with suppress(OSError):
            self._container.close()

    def _encode(self, pixels: np.ndarray | RawPicture, stamp: int) -> None:
        from av.video.frame import PictureType

        frame = self._converted(pixels)
        frame.pts = stamp
        frame.time_base = MILLISECONDS
        if stamp - self._keyframe_at >= KEYFRAME_EVERY_S * 1000:
            frame.pict_type = PictureType.I
            self._keyframe_at = stamp
        self._last_at = stamp
        self._last = pixels
        self._left_out = None
        self.frames += 1
        self._container.mux(self._video.encode(frame))

    def _converted(self, pixels: np.ndarray | RawPicture) -> Any:
        """The PyAV frame that the encoder takes; a picture of another shape than the first between black bars."""
        import av
        import numpy as np
        from av.video.reformatter import ColorRange, Colorspace

        if isinstance(pixels, RawPicture):
            frame = pixels.av_frame()
            if pixels.is_planar and pixels.colours == self._colours and (frame.width, frame.height) == self._size:
                return frame
        else:
            frame = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(pixels), "rgb24")
        if abs(frame.width * self._size[1] - frame.height * self._size[0]) > 2 * max(frame.width, frame.height):
            frame = av.VideoFrame.from_numpy_buffer(_between_bars(frame, self._size), "rgb24")
        matrix = self._colours.matrix if self._colours.matrix in SCALER_MATRICES else Colorspace.ITU601
        return self._reformatter.reformat(
            frame,
            *self._size,
            format="yuv420p",
            dst_colorspace=matrix,
            dst_color_range=self._colours.range or ColorRange.MPEG,
            threads=1,
        )


def _are_same(one: np.ndarray | RawPicture, other: np.ndarray | RawPicture) -> bool:
    if isinstance(one, RawPicture) or isinstance(other, RawPicture):
        return isinstance(one, RawPicture) and isinstance(other, RawPicture) and one.same_as(other)
    return one is other or equal(one, other)


def _even_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the video: no larger than MAX_SIZE, and even, as the encoders want it."""
    scale = min(1.0, MAX_SIZE[0] / width, MAX_SIZE[1] / height)
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _between_bars(frame: Any, size: tuple[int, int]) -> np.ndarray:
    """As large as it fits into `size` without being stretched."""
    import numpy as np

    scale = min(size[0] / frame.width, size[1] / frame.height)
    width = max(1, int(frame.width * scale))
    height = max(1, int(frame.height * scale))
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    left = (size[0] - width) // 2
    top = (size[1] - height) // 2
    canvas[top : top + height, left : left + width] = frame.to_ndarray(format="rgb24", width=width, height=height)
    return canvas


def _working_encoder() -> tuple[str, dict[str, str]]:
    """The first of ENCODERS that encodes a picture here. Raises OSError when none does."""
    import av

    for name, options in ENCODERS:
        try:
            codec: Any = av.CodecContext.create(name, "w")
            _set_up(codec, (256, 256), options, OF_RGB)
            probe = av.VideoFrame(256, 256, "yuv420p")
            probe.pts = 0
            codec.encode(probe)
            codec.encode(None)
        except (av.error.FFmpegError, ValueError, OSError):
            continue
        return name, options
    raise OSError("no video encoder works here")


def _set_up(codec: Any, size: tuple[int, int], options: dict[str, str], colours: Colours) -> None:
    codec.width, codec.height = size
    codec.pix_fmt = "yuv420p"
    codec.time_base = MILLISECONDS
    codec.thread_count = 1  # so that what it costs is counted in the thread that pays, and held down there
    codec.colorspace = colours.matrix
    codec.color_range = colours.range
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
