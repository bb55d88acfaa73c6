"""An open container of FFmpeg: how its packets come, and when the pictures in them were there."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from app.capture.sender_clock import SenderClock
from app.capture.sound_tap import SoundTap
from core.errors import SourceError
from core.video.av_errors import reason
from core.video.reader import MOST_THREADS, picture_track

if TYPE_CHECKING:
    from app.capture.decoder_messages import Recipe

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
"""Whoever asks has given up long before."""
LOOK_S = 1.0
AHEAD_S = 5.0
"""What comes this much faster than real time within LOOK_S is stored."""
QUEUED_S = 0.003
"""A packet that is read sooner than that was there already."""
HELD_PACKETS = {"mpegts": 2, "h264": 1, "hevc": 1, "mjpeg": 1, "mpegvideo": 1, "m4v": 1}
"""Formats that do not say where a picture ends: it is given out when so many later ones have begun."""
RTP = ("rtsp", "rtp", "sdp")
HELD_OVER_RTP = {"h264": 1, "hevc": 1, "mpeg4": 1}
"""Codecs whose pictures FFmpeg puts together from RTP packets, without a look at the mark on the last of each."""
UNSTAMPED = ("h264", "hevc", "mjpeg", "mpjpeg", "mpegvideo", "m4v")
"""Formats without time stamps, for which FFmpeg makes some up."""
REMEMBERED = 256
"""Packets whose arrival is remembered until their picture is decoded."""


class PacketStream:
    """An open container and how its packets come.

    Attributes:
        stamped: its time stamps are the sender's.
        sound: what is heard, where that is wanted and there is any.
        stored: it can wait.  paced: it comes in pieces of some seconds (HLS), to be shown in real time.
    """

    def __init__(self, recipe: Recipe) -> None:
        """Raises SourceError."""
        import av

        self.name = recipe.name
        try:
            self.container = av.open(
                recipe.url,
                format=recipe.form,
                options=recipe.options,
                timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
                metadata_errors="replace",
            )
            self.track = picture_track(self.container, recipe.name)
            self.track.thread_type = "SLICE"  # threads by frame would hold several frames back
            self.track.codec_context.thread_count = min(MOST_THREADS, os.cpu_count() or 1)
            tracks = self.container.streams.audio
            self.sound = SoundTap(tracks[0]) if recipe.sound and tracks else None
            self.packets = self._demuxed()
            self._find_out(recipe.live)
        except (av.error.FFmpegError, OSError, ValueError, MemoryError) as error:
            raise SourceError("", reason(error)) from error

    def _find_out(self, live: bool | None) -> None:
        form = self.container.format.name
        self.paced = "hls" in form or "dash" in form
        self.stamped = not self.paced and form not in UNSTAMPED
        if live is not None:
            self.stored = not live
        elif self.paced:
            self.stored = bool(self.container.duration)
        elif form == "mpjpeg":
            self.stored = False
        else:
            self.stored = self.container.size > 0 or self._comes_at_once()

    def _comes_at_once(self) -> bool:
        """Whether packets come faster than real time. Keeps those that it looks at."""
        looked_at: list[Any] = []
        begun = time.monotonic()
        stored = True  # when it ends right away
        for packet in self.packets:
            looked_at.append(packet)
            span = _span_s(looked_at)
            waited = time.monotonic() - begun
            if waited > LOOK_S or span > waited + AHEAD_S:
                stored = span > waited + AHEAD_S
                break
        self.packets = chain(looked_at, self.packets)
        return stored

    def _held(self) -> int:
        """Packets that have begun to arrive when one is given out, after it."""
        form = self.container.format.name
        return HELD_OVER_RTP.get(self.track.codec_context.name, 0) if form in RTP else HELD_PACKETS.get(form, 0)

    def begin_anew(self) -> None:
        """What has been looked at counts no more: the container stands at another place."""
        self.packets = self._demuxed()

    def _demuxed(self) -> Iterator[Any]:
        """The packets of the pictures; those of the sound are taken on the way."""
        if self.sound is None:
            yield from self.container.demux(self.track)
            return
        for packet in self.container.demux(self.track, self.sound.track):
            if packet.stream.index == self.track.index:
                yield packet
            else:
                self.sound.take(packet)

    def frames(self) -> Iterator[Any]:
        """The pictures. A packet that cannot be decoded is passed over."""
        for packet in self.packets:
            yield from _decoded(packet)

    def frames_that_arrive(self) -> Iterator[tuple[Any, float]]:
        """(frame, monotonic seconds at which its first bytes were there, or by which it was taken where its packet came
        late), without those that had begun to arrive before anybody looked: how old these are is not known."""
        clock = SenderClock()
        unit_s = float(self.track.time_base or 0)
        arrivals: dict[int | None, float] = {}
        begun = time.monotonic()
        before = begun
        queued = not self.paced
        held = self._held()
        came = deque([begun], maxlen=1 + held)
        seen = 0  # packets that came while we looked
        for packet in self.packets:
            now = time.monotonic()
            came.append(now)
            queued = queued and now - before < QUEUED_S and now - begun < LOOK_S
            seen += not queued
            watched = seen > held
            if watched:
                arrivals[packet.pts] = came[0]
            if self.stamped:
                clock.note(_seconds(packet.pts, unit_s), _seconds(packet.dts, unit_s), came[0], watched=watched)
            if len(arrivals) > REMEMBERED:
                del arrivals[next(iter(arrivals))]
            for frame in _decoded(packet):
                if watched and clock.settled:
                    yield frame, clock.taken_at(_seconds(frame.pts, unit_s), arrivals.get(frame.pts, came[0]))
            before = time.monotonic()


def _decoded(packet: Any) -> list[Any]:
    import av

    try:
        return list(packet.decode())
    except av.error.InvalidDataError:
        return []


def _seconds(stamp: int | None, unit_s: float) -> float | None:
    return None if stamp is None else stamp * unit_s


def _span_s(packets: list[Any]) -> float:
    """Seconds of film that the packets hold."""
    stamps = [packet.dts for packet in (packets[0], packets[-1])]
    if None in stamps:
        return 0.0
    return float((stamps[1] - stamps[0]) * packets[0].time_base)
