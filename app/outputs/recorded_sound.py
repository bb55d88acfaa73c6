"""The sound of a recorded video: that of the file being watched, and the spoken commentary, each on its own track."""

from __future__ import annotations

import logging
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from app.capture.live_sound import LiveSound
from app.capture.sound_decoder import SoundDecoder
from app.capture.sound_tap import CHANNELS, SAMPLE_RATE
from app.session.sound_track import SoundFormat, SoundTrack
from core.errors import SourceError
from core.messages import Line
from core.output_messages import Spoken
from core.types import Sound

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.session.video_file import VideoFile
    from core.types import Frame

START_PATIENCE_S = 2.0
"""For the decoder to be there when the first picture is; the model takes longer to load."""
SPEECH_HOLD_S = 0.5
"""A sentence is told of when it begins: so much of its track waits for what may still come."""
SPEECH_RATE = 16_000
SENT_HOLD_S = 1.0
"""A stream's sound may come so much behind its pictures, and is written as much later."""
MOST_APART_S = 10.0
"""Sound that claims to be further from its picture is not heard: its stamps are wrong."""
MOST_SENT = 300
"""Pictures whose sound waits for a video to begin."""
OFF_S = 0.06
"""By which the sound of a stream may be off its pictures."""
KEPT_LINES = 64
UNSEEN_S = 1.5
"""Without a picture: nothing is heard then, either."""
JUMP_S = 0.02
"""A picture that shows so much another second of its film is one after a jump."""

log = logging.getLogger(__name__)


class RecordedSound:
    """Brings both kinds of sound to the source seconds of the pictures. All but its making and `sent` in one thread."""

    def __init__(self, source: Path | None, tell: Callable[[str, str], None], *, waits: bool, live: str = "") -> None:
        """`source`: the file that is watched, None for what has no sound of its own. `waits`: the stream does.
        `tell`: a title and a message for people. `live`: what is heard where the source brings none, one of SOUNDS."""
        self._waits = waits
        self._tell = tell
        self._is_told = False
        self._decoder = SoundDecoder(source) if source is not None else None
        self._live_name = live if source is None else ""
        self._live: LiveSound | None = None
        self._pictured_at: float | None = None  # the monotonic second of the last picture
        self._speaks = False
        self._source_track: SoundTrack | None = None
        self._speech_track: SoundTrack | None = None
        self._ends: dict[int, float] = {}
        self._speech_end = 0.0
        self._late_s: float | None = None  # what a monotonic second is ahead of the source's
        self._at = 0.0
        self._sent: deque[tuple[float, Sound]] = deque(maxlen=MOST_SENT)
        self._comes_with_pictures = False
        self._sender_late_s: float | None = None  # what a source second is ahead of the sender's clock
        self._heard_until = 0.0
        self._film_ahead_s = 0.0  # what a second of the film is ahead of the source's

    def speaks(self) -> None:
        """There is a voice."""
        self._speaks = True

    def formats(self, first: Frame) -> list[SoundFormat]:
        """The tracks of a video that is about to be begun, with that picture."""
        found = []
        decoded = self._decoder is not None and self._decoder.has_sound(START_PATIENCE_S)
        self._comes_with_pictures = (first.sound is not None or self._live is not None) and not decoded
        if decoded or self._comes_with_pictures:
            title = "Source" if decoded or self._live is None else self._live_name.capitalize()
            found.append(SoundFormat(title, SAMPLE_RATE, CHANNELS))
        if self._speaks:
            found.append(SoundFormat("Commentary, spoken", SPEECH_RATE, 1))
        return found

    def begin(self, video: VideoFile) -> None:
        """A video with the tracks of `formats` has been begun."""
        tracks = list(video.sounds)
        self._speech_track = tracks.pop() if self._speaks and tracks else None
        self._source_track = tracks.pop() if tracks else None

    def frame(self, frame: Frame) -> None:
        """A picture was written: the sound up to its second is, too. Raises OSError."""
        self._follow_jump(frame)
        self._at = frame.media_time
        self._late_s = frame.captured_at - frame.media_time
        self._write_source(self._at, wait=self._waits)
        self._write_sent(self._at - SENT_HOLD_S)
        if self._speech_track is not None:
            self._speech_track.advance(self._at - SPEECH_HOLD_S)

    def sent(self, frame: Frame) -> None:
        """A picture is there with its sound, whether or not it is going to be written. From one thread, whichever."""
        if self._live_name:
            self._listen(frame)
        if frame.sound is not None:
            self._sent.append((frame.media_time, frame.sound))
        elif self._live is not None:
            self._sent.append((frame.media_time, self._heard(self._live, frame)))
        self._pictured_at = frame.captured_at

    def line(self, line: Line) -> None:
        """A line was said; where the stream does not run in real time, it is heard at its end."""
        self._ends[line.round] = line.end
        while len(self._ends) > KEPT_LINES:
            del self._ends[next(iter(self._ends))]

    def spoken(self, spoken: Spoken) -> None:
        """A sentence is heard, or falls silent."""
        import numpy as np

        track = self._speech_track
        if track is None or self._late_s is None or spoken.sample_rate != SPEECH_RATE:
            return
        at = spoken.at - self._late_s
        if not spoken.samples:
            track.cut(self._at if self._waits else at)
            return
        samples = np.frombuffer(spoken.samples, np.int16)[:, None]
        if self._waits:
            at = max(self._ends.get(spoken.round, self._at), self._speech_end)
        self._speech_end = at + len(samples) / SPEECH_RATE
        track.place(at, samples)

    def end(self) -> None:
        """The video ends with its last picture; another may begin. Raises OSError."""
        if self._source_track is not None:
            self._write_source(self._at, wait=True)
            self._write_sent(self._at)
        self._source_track = None
        self._sender_late_s = None
        self._heard_until = 0.0
        self._speech_track = None

    def close(self) -> None:
        if self._decoder is not None:
            self._decoder.close()
        self._live_name = ""
        if self._live is not None:
            self._live.close()

    def _listen(self, frame: Frame) -> None:
        """From the first picture on, where that has no sound; until it fails, which is told."""
        if self._live is None and self._pictured_at is None and frame.sound is None:
            try:
                self._live = LiveSound("desktop" if self._live_name == "desktop" else "microphone")
            except SourceError as error:
                self._tell(error.title, error.message)
        if self._live is not None and self._live.failure and not self._is_told:
            self._is_told = True
            self._tell("The sound was lost", f"{self._live.failure}: silence from {frame.media_time:.0f} s on")

    def _heard(self, live: LiveSound, frame: Frame) -> Sound:
        """What was heard since the picture before; nothing while there were none: a pause, a private window."""
        before = self._pictured_at
        blocks = live.take()
        if before is None or frame.captured_at - before > UNSEEN_S:
            blocks = tuple(block for block in blocks if block[0] >= frame.captured_at)
        return Sound(frame.captured_at, blocks)

    def _follow_jump(self, frame: Frame) -> None:
        """Where the picture is of another place in the film, the sound goes on there, too."""
        ahead_s = 0.0 if frame.film_s is None else frame.film_s - frame.media_time
        if abs(ahead_s - self._film_ahead_s) < JUMP_S:
            return
        self._film_ahead_s = ahead_s
        if self._source_track is not None:
            self._source_track.cut(self._at)
        if self._decoder is not None:
            self._decoder.seek(frame.film_s or 0.0)

    def _write_source(self, until: float, *, wait: bool) -> None:
        track = self._source_track
        if track is None or self._decoder is None:
            return
        ahead_s = self._film_ahead_s
        reached = self._decoder.reached - ahead_s
        for start, samples in self._decoder.read(until + ahead_s, wait=wait):
            track.place(start - ahead_s, samples)
        if self._decoder.failed and not self._is_told:
            self._is_told = True
            self._tell("The sound was lost", f"its decoder died or hangs: silence from {min(reached, until):.0f} s on")
        track.advance(min(until, self._decoder.reached - ahead_s))

    def _write_sent(self, until: float) -> None:
        """What came with pictures, up to that second."""
        while self._sent:
            at, sound = self._sent.popleft()
            if self._source_track is not None and self._comes_with_pictures:
                self._place(self._source_track, at, sound)
        if self._source_track is not None and self._comes_with_pictures:
            self._source_track.advance(until)

    def _place(self, track: SoundTrack, at: float, sound: Sound) -> None:
        """Beside the picture of the source second `at`. Pictures come in steps of the source's rate, and are some
        hundredths early or late; the sound goes on evenly, and is set anew where it would be further off."""
        late_s = at - sound.picture_s
        if self._sender_late_s is None or abs(late_s - self._sender_late_s) > OFF_S:
            self._sender_late_s = late_s
        for stamp, samples in sound.blocks:
            begin = stamp + self._sender_late_s
            if abs(begin - at) > MOST_APART_S:
                continue
            early = max(0, round((self._heard_until - begin) * SAMPLE_RATE))
            track.place(begin + early / SAMPLE_RATE, samples[early:])
            self._heard_until = max(self._heard_until, begin + len(samples) / SAMPLE_RATE)
