"""`--record`: video of what was watched and small pictures, beside the session's events."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.capture.file import path_of
from app.outputs.core_share import CoreShare
from app.outputs.output_kind import OutputKind, StreamRun
from app.outputs.recorded_sound import RecordedSound
from app.outputs.video_options import SOUNDS, VideoOptions
from app.session.free_space import FreeSpace
from app.session.small_pictures import SmallPictures
from app.session.video_file import VIDEO, VideoFile
from core.errors import UsageError
from core.messages import Failure, Line, Marked, Message, SessionFolder
from core.output_messages import SpeechSwitched, Spoken

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from app.settings import Settings
    from core.types import Frame

MAX_CORE_SHARE = 0.25
"""Of one core, that this thread may take; frames between those that the model is given are left out for that."""
MAX_FRAMES = 6
"""Frames that may wait; one of 1080p has 6 MB."""
CLOSE_WITHIN_S = 2.0
CAPTION_S = 4.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watched:
    """A frame with its true source second; `given` is the one at which the model gets it, None when it does not."""

    frame: Frame
    given: float | None


class VideoRecording:
    """An output that is given frames besides messages, and writes both in a thread of its own.

    The stream is never held up: when frames come faster than they are written, or than MAX_CORE_SHARE allows, they are
    left out, those that the model was not given first. At a pace that can wait, it waits. The video stops, and the
    commentary does not, when the disk is nearly full or refuses; that is told once.

    Attributes:
        frames_written, frames_dropped, frames_thinned: written; left out as the queue was full, and to save work.
    """

    name = "The video"

    def __init__(
        self,
        options: VideoOptions,
        tell: Callable[[Message], None],
        *,
        waits: bool = False,
        sound_of: Path | None = None,
    ) -> None:
        """`sound_of`: the file that is watched, whose sound is recorded as well.

        Raises UsageError for sound that is heard in real time where the stream is not.
        """
        if options.sound and waits:
            raise UsageError("No sound to record", "desktop and microphone are heard at --pace live alone")
        self.frames_written = 0
        self.frames_dropped = 0
        self.frames_thinned = 0
        self._options = options
        self._tell = tell
        self._waits = waits
        self._queue: deque[Watched | Message] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._writing = False  # a frame
        self._folder: Path | None = None
        self._video: VideoFile | None = None
        self._pictures: SmallPictures | None = None
        self._space: FreeSpace | None = None
        self._caption: Line | None = None
        self._marks: list[Marked] = []
        self._sound = RecordedSound(sound_of, self._say, waits=waits, live=options.sound)
        self._credit = CoreShare(MAX_CORE_SHARE)
        self._thread = threading.Thread(target=self._run, name="video", daemon=True)

    def take(self, frame: Frame, given: float | None) -> None:
        """A frame of the stream; `given`: the source second at which the model gets it, None when it does not.

        In the capture thread; returns at once, unless the stream can wait: that does until the frame before is on the
        disk, since what is said must not run ahead of what can be played after a kill.
        """
        self._sound.sent(frame)
        with self._changed:
            if self._waits:
                self._changed.wait_for(lambda: not (self._frames_waiting() or self._writing) or self._closing)
            elif self._frames_waiting() >= MAX_FRAMES * (1 if given is None else 2):
                self.frames_dropped += 1
                return
            self._put(Watched(frame, given))

    def handle(self, message: Message) -> None:
        if isinstance(message, SessionFolder | Line | Marked | Spoken | SpeechSwitched):
            with self._changed:
                self._put(message)

    def close(self) -> None:
        """Ends the file, within CLOSE_WITHIN_S seconds unless it waits."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(None if self._waits else CLOSE_WITHIN_S)
        else:
            self._sound.close()
        counts = (self.frames_written, self.frames_dropped, self.frames_thinned)
        log.info("video: %d frames written, %d dropped, %d thinned", *counts)

    def _frames_waiting(self) -> int:
        return sum(isinstance(waiting, Watched) for waiting in self._queue)

    def _put(self, item: Watched | Message) -> None:
        if self._closing:
            return
        if self._thread.ident is None:
            self._thread.start()
        self._queue.append(item)
        self._changed.notify_all()

    # The thread

    def _run(self) -> None:
        while (item := self._next()) is not None:
            began = time.thread_time()
            try:
                self._write(item)
            except Exception as error:  # noqa: BLE001 - FFmpeg's are of many kinds, and the stream may wait for us
                self._fail(error)
            self._credit.spend(time.thread_time() - began)
        self._end()
        self._sound.close()

    def _next(self) -> Watched | Message | None:
        with self._changed:
            self._writing = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._queue or self._closing)
            if not self._queue:
                return None
            item = self._queue.popleft()
            self._writing = isinstance(item, Watched)
            self._changed.notify_all()
            return item

    def _write(self, item: Watched | Message) -> None:
        match item:
            case Watched():
                self._frame(item)
            case SessionFolder(path=path):
                self._begin(Path(path))
            case SpeechSwitched():
                self._sound.speaks()
            case Spoken():
                self._sound.spoken(item)
            case Line() if item.text.strip() and self._pictures is not None:
                self._flush_caption(item.start)
                self._caption = item
                self._sound.line(item)
                self._pictures.line(item.start, item.end)
            case Marked(at=at, text=text) if self._video is not None:
                self._video.mark(at, text)
            case Marked():
                self._marks.append(item)  # before the first picture

    def _begin(self, folder: Path) -> None:
        self._end()
        self._folder = folder
        self._pictures = SmallPictures(folder)
        self._space = FreeSpace(folder)
        self._make_room(folder.parent)

    def _make_room(self, root: Path) -> None:
        """Says which older videos go, and deletes them."""
        from app.session.retention import delete_videos, expiring_videos, in_words

        found = expiring_videos(root, self._options.keep_days, self._options.keep_gb)
        if found:
            told = f"{in_words(found)} go now, as the settings of the video ask for; what was said stays."
            self._say("Older videos are deleted", told)
            delete_videos(found)

    def _frame(self, item: Watched) -> None:
        if self._folder is None or self._space is None or self._pictures is None:
            return
        if item.given is None and not self._waits and not self._credit.is_left():
            self.frames_thinned += 1
            return
        if forecast := self._space.news():
            told = f"The disk is full in {forecast}: the video stops then, the commentary does not."
            self._say("The disk is filling up", told)
        if self._space.is_short:
            self._stop(f"{self._folder}: the disk is nearly full")
            return
        if item.given is not None:
            self._pictures.add(item.frame.image, item.given)
        if self._video is None:
            self._video = VideoFile(self._folder / VIDEO, item.frame.pixels, self._sound.formats(item.frame))
            self._sound.begin(self._video)
            for mark in self._marks:
                self._video.mark(mark.at, mark.text)
            self._marks = []
        self._video.add(item.frame.pixels, item.frame.media_time)
        self._sound.frame(item.frame)
        self.frames_written += 1
        if self._caption is not None and item.frame.media_time > self._caption.start + CAPTION_S:
            self._flush_caption(item.frame.media_time)

    def _flush_caption(self, until: float) -> None:
        """A caption is written once its end is known: the next line's begin, or CAPTION_S."""
        if self._caption is not None and self._video is not None:
            start = self._caption.start
            self._video.caption(start, max(start + 0.5, min(until, start + CAPTION_S)), self._caption.text)
        self._caption = None

    def _fail(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self._stop(f"{self._folder}: {error.strerror or error}")
        else:
            log.info("the video failed", exc_info=error)
            self._stop(f"{self._folder}: {type(error).__name__}: {error}")

    def _stop(self, why: str) -> None:
        """No more pictures in this folder; what was written stays playable."""
        self._say("The video has stopped", f"{why}. The commentary and its recording go on.")
        self._end()
        self._folder = None
        self._pictures = None

    def _end(self) -> None:
        video = self._video
        if video is None:
            return
        try:
            self._flush_caption(float("inf"))
            self._sound.end()
            video.close()
        except Exception as error:
            video.abandon()
            log.info("%s could not be ended", video.path, exc_info=error)
        self._video = None

    def _say(self, title: str, message: str) -> None:
        self._tell(Failure(title, message, fatal=False))


def _add_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--record", action="store_true", help="record video and pictures, too (and a session, if none)")
    help = "with --record, of sources without sound: what this machine plays, or its microphone hears"
    group.add_argument("--record-sound", choices=SOUNDS[1:], default="", help=help)
    group.add_argument("--record-keep-days", type=float, default=0.0, metavar="N", help="delete videos older than that")
    group.add_argument("--record-keep-gb", type=float, default=0.0, metavar="N", help="delete the oldest beyond that")


def _from_arguments(args: argparse.Namespace, run: StreamRun) -> VideoRecording | None:
    if not args.record:
        return None
    options = VideoOptions(keep_days=args.record_keep_days, keep_gb=args.record_keep_gb, sound=args.record_sound)
    return _recording(options, run)


def _from_settings(settings: Settings, run: StreamRun) -> VideoRecording | None:
    from app.settings import output_options

    options = output_options(settings, "video", VideoOptions)
    return _recording(options, run) if settings.record and options is not None and options.on else None


def _recording(options: VideoOptions, run: StreamRun) -> VideoRecording:
    path = path_of(run.spec)
    sound_of = path if os.path.isfile(path) else None  # False for a name that no disk can hold, too
    recording = VideoRecording(options, run.emit, waits=run.waits, sound_of=sound_of)
    run.watch_frames(recording.take)
    return recording


VIDEO_RECORDING = OutputKind(_add_arguments, _from_arguments, _from_settings, tuple, "video", VideoOptions, live=False)
