"""What can be chosen about the recorded video."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import UsageError

SOUNDS = ("", "desktop", "microphone")
"""Of sources that bring no sound with them: none, what the machine plays, what its microphone hears."""


@dataclass(frozen=True, slots=True)
class VideoOptions:
    """`[outputs.video]`.

    Attributes:
        on: whether video is recorded (with a session only).
        keep_days, keep_gb: videos older than that, or the oldest of more than that, are deleted at a start; 0: none.
        sound: recorded with a source that has no sound of its own: one of SOUNDS.
    """

    on: bool = True
    keep_days: float = 0.0
    keep_gb: float = 0.0
    sound: str = ""

    def __post_init__(self) -> None:
        if not (0 <= self.keep_days < 1e6 and 0 <= self.keep_gb < 1e6):
            raise UsageError("Impossible video", "what is to be kept is a number of days, or of GB, from 0 up")
        if self.sound not in SOUNDS:
            raise UsageError("Impossible video", f"its sound is “{self.sound}”, and can be “desktop” or “microphone”")
