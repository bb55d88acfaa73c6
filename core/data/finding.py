"""What is not as it should be in a recording, named."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

FATAL = {
    "no_video": "words without a video beside them",
    "unnameable": "the path is no UTF-8, which a training line cannot hold",
    "zero_bytes": "the video is an empty file",
    "unreadable": "the video cannot be opened",
    "no_picture": "the video has no picture track, or no picture in it",
    "undecodable": "the first pictures cannot be decoded",
    "no_transcript": "no subtitles, recogniser output or session beside the video",
    "transcript_unreadable": "none of the files with words can be read",
    "no_words": "no word lies within the video",
}
"""Kinds of findings for which a recording is left out, and what they mean."""
WARNINGS = {
    "transcript_passed_over": "one of several files with words cannot be read; the next one is used",
    "entries_skipped": "entries of the file with words that cannot be used",
    "no_audio": "no sound track: whether the words lie where they are said is not known",
    "sound_damaged": "parts of the sound cannot be decoded; they count as silence",
    "unaligned": "the sound does not tell where the words are said (crowd, music, other speech)",
    "offset": "the words come too early or too late",
    "drift": "the words run faster or slower than the sound",
    "wrong_words_rate": "the words were made for a copy at another frame rate",
    "subtitle_gap": "a long stretch without words",
    "words_after_end": "words after the last picture; they are left out",
    "words_disordered": "words that end before the one before them",
    "word_rate": "far more or far fewer words than people speak",
    "damaged": "a picture further on cannot be decoded",
    "picture_gap": "no new picture for a long time",
    "cut_off": "the pictures end before the length the file claims",
    "sound_differs": "sound and pictures differ in length",
    "wrong_rate": "pictures come at another rate than the file claims",
    "slow": "fewer pictures a second than the model is given",
    "too_short": "shorter than one chunk, so only annealing pieces can come of it",
}
"""Kinds of findings with which a recording is used all the same, and what they mean."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        kind: a key of FATAL or WARNINGS.
        message: what exactly, with numbers.
    """

    kind: str
    message: str

    def __post_init__(self) -> None:
        if self.kind not in FATAL and self.kind not in WARNINGS:
            raise ValueError(f"no finding is called {self.kind!r}")

    @property
    def fatal(self) -> bool:
        """The recording is left out."""
        return self.kind in FATAL

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
