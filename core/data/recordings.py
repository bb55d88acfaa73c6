"""Which videos lie in a folder, and where the words of each are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.data.session import EVENTS, NOTES, is_session, session_video
from core.data.transcript import SUFFIXES
from core.errors import DataError

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".mkv", ".webm", ".mov", ".avi", ".ts", ".mts", ".m2ts", ".m4v", ".flv", ".mpg", ".mpeg", ".wmv", ".ogv"}
)
INFO = ".info.json"
"""What yt-dlp writes beside a video; its title is taken from there."""
CONTEXT = ".context.txt"
"""What a viewer would tell beforehand (who plays, who is who): the start of `previous`."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A video and the files beside it.

    Attributes:
        name: path of the video, or of what stands for it, relative to the data set's root, with forward slashes.
        video: None where there are words without a video.
        transcripts: files (or a session's folder) with its words, the best first.
        title: the query of its samples, where the words do not bring one.
        context: what is told beforehand.
    """

    name: str
    video: Path | None
    transcripts: tuple[Path, ...]
    title: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """A file name that no other recording has."""
        words = "/".join(self.transcripts[0].parts[-2:]) if self.transcripts else ""
        return hashlib.sha256(f"{self.name}\n{words}".encode("utf-8", "replace")).hexdigest()[:16]

    def fingerprint(self) -> list[list[object]]:
        """Size and time of every file, by which a change is noticed."""
        written = [file for path in self.transcripts for file in _written(path)]
        return [_stamp(path) for path in (self.video, *written) if path is not None]


def find_recordings(root: Path, *leave_out: Path) -> list[Recording]:
    """Every recording below a folder, by name. Hidden folders and those of `leave_out` are passed over.

    Raises DataError where `root` is no folder, or has neither videos nor words in it.
    """
    if not root.is_dir():
        raise DataError("No such folder", f"{root} does not exist" if not root.exists() else f"{root} is no folder")
    skipped = {path.resolve() for path in leave_out}
    try:
        found = [recording for folder in _folders(root, skipped) for recording in _in_folder(root, folder)]
    except OSError as error:
        raise DataError("Cannot read the folder", f"{error.filename}: {error.strerror}") from error
    if not found:
        raise DataError("Nothing to learn from", f"{root} holds no video, no subtitles and no session")
    return sorted(found, key=lambda recording: recording.name)


def _folders(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """A folder and those in it, links followed, each once; `seen` are left out, and grow."""
    seen.add(folder.resolve())
    yield folder
    for inner in sorted(folder.iterdir()):
        if inner.is_dir() and not inner.name.startswith(".") and inner.resolve() not in seen:
            yield from _folders(inner, seen)


def _in_folder(root: Path, folder: Path) -> list[Recording]:
    if is_session(folder):
        return [_session(root, folder)]
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    videos = [path for path in files if path.suffix.lower() in VIDEO_SUFFIXES]
    texts = [path for path in files if path.suffix.lower() in SUFFIXES and not path.name.endswith(INFO)]
    beside = {video: _beside(video, videos, texts) for video in videos}
    taken = {text for transcripts in beside.values() for text in transcripts}
    orphans = [text for text in texts if text not in taken and text.suffix.lower() != ".json"]
    with_video = [
        Recording(_relative(root, video), video, found, _title(video), _context(video))
        for video, found in beside.items()
    ]
    return with_video + [Recording(_relative(root, text), None, (text,)) for text in orphans]


def _session(root: Path, folder: Path) -> Recording:
    video = session_video(folder)
    return Recording(_relative(root, video or folder), video, (folder,))


def _beside(video: Path, videos: list[Path], texts: list[Path]) -> tuple[Path, ...]:
    """Files named like the video (`game.srt`, `game.en.vtt`, `game.mp4.json`), the best form first, then the shortest.

    Those of `game.2.mp4` are not those of `game.mp4`.
    """
    longer = [other.stem + "." for other in videos if other.stem.startswith(video.stem + ".")]
    named = [text for text in texts if text.name.startswith(video.stem + ".") and not text.name.startswith((*longer,))]
    return tuple(sorted(named, key=lambda text: (SUFFIXES.index(text.suffix.lower()), len(text.name), text.name)))


def _title(video: Path) -> str:
    try:
        title = json.loads(video.with_suffix(INFO).read_bytes()).get("title")
    except (OSError, ValueError, AttributeError):
        title = None
    return title if isinstance(title, str) and title.strip() else video.stem


def _context(video: Path) -> str:
    try:
        return " ".join(video.with_suffix(CONTEXT).read_text("utf-8", "replace").split())
    except OSError:
        return ""


def _relative(root: Path, path: Path) -> str:
    """Relative to the root; as it is where it lies elsewhere (the video a session watched)."""
    for start, end in ((root, path), (root.resolve(), path.resolve())):
        if end.is_relative_to(start):
            return end.relative_to(start).as_posix()
    return path.as_posix()


def _written(transcript: Path) -> tuple[Path, ...]:
    """The files that hold the words."""
    return (transcript / EVENTS, transcript / NOTES) if transcript.is_dir() else (transcript,)


def _stamp(path: Path) -> list[object]:
    try:
        found = path.stat()
    except OSError:
        return [path.name, -1, -1]
    return [path.name, found.st_size, found.st_mtime_ns]
