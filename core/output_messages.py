"""What outputs tell the other outputs of a stream, besides failures."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unspoken:
    """A line that was shown and not spoken, or not to its end.

    Attributes:
        cause: "late" (older than its bound), "interrupted" (by an answer), "cleared" or "unpronounceable".
        total: how many there were since the start, this one included.
    """

    round: int
    cause: str
    total: int


@dataclass(frozen=True, slots=True)
class PageServed:
    """The overlay page can be opened at `url`, which holds a secret: shown to the viewer, kept nowhere."""

    url: str


@dataclass(frozen=True, slots=True)
class SpeechSwitched:
    """There is a voice, and it speaks from now on, or does not."""

    on: bool


@dataclass(frozen=True, slots=True)
class VoiceGone:
    """There is no voice any more: speech was switched off in the settings."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence is heard from now on, or, without samples, what is being said falls silent.

    Attributes:
        round: of the line. at: monotonic seconds at which the device lets it be heard.
        samples: int16, mono, as bytes. sample_rate: samples a second.
    """

    round: int
    at: float
    samples: bytes = field(repr=False)
    sample_rate: int


OutputMessage = Unspoken | PageServed | SpeechSwitched | VoiceGone | Spoken
