"""Whether a file of training samples can be trained on: its lines, its videos, their lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.data.clip import clip_frames
from core.data.jsonl import SampleFile
from core.data.sample import Sample
from core.errors import CourtsideError

FPS = 2.0


@dataclass(slots=True)
class SamplesReport:
    """What was found in a file of samples.

    Attributes:
        path: the file. samples: lines in it. good: those that can be used.
        bad: (line from 1, kind, what is wrong) of the others.
    """

    path: Path
    samples: int = 0
    good: int = 0
    seconds: float = 0.0
    words: int = 0
    bad: list[tuple[int, str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "samples": self.samples,
            "good": self.good,
            "seconds": self.seconds,
            "words": self.words,
            "kinds": dict(Counter(kind for _, kind, _ in self.bad)),
            "bad": [list(entry) for entry in self.bad],
        }

    def text(self) -> str:
        lines = [f"{self.path}: {self.good} of {self.samples} samples can be used ({self.seconds:.0f} s)"]
        lines += [f"  line {number}: {kind}: {message}" for number, kind, message in self.bad]
        return "\n".join(lines) + "\n"


def check_samples(
    path: Path, root: Path, decode: bool = False, advance: Callable[[str], None] = lambda about: None
) -> SamplesReport:
    """Look at every line of a file. Raises DataError where it is no file or its seeks are not its own.

    Args:
        root: the videos' paths are relative to it.
        decode: decode every picture of every sample; otherwise only the last ones of each.
    """
    samples = SampleFile(path)
    report = SamplesReport(path, len(samples))
    for number in range(len(samples)):
        try:
            sample = samples[number]
        except CourtsideError as error:
            report.bad.append((number + 1, "bad_line", error.message.partition(f"line {number + 1}: ")[2]))
        else:
            _look(sample, number + 1, root, decode, report)
        advance(f"line {number + 1}")
    return report


def find_video(root: Path, name: str) -> Path:
    """Where a sample's video lies: below the root, unless its path is absolute."""
    return Path(name) if Path(name).is_absolute() else root / name


def _look(sample: Sample, number: int, root: Path, decode: bool, report: SamplesReport) -> None:
    video = find_video(root, sample.video)
    begin = sample.start if decode else max(sample.start, sample.end - 1 / FPS)
    try:
        clip_frames(video, begin, sample.end, FPS)
    except CourtsideError as error:
        kinds = {"No such video": "missing_video", "Video too short": "too_short"}
        report.bad.append((number, kinds.get(error.title, "undecodable"), error.message))
        return
    if not sample.words:
        report.bad.append((number, "no_words", "no word in it"))
        return
    report.good += 1
    report.seconds += sample.end - sample.start
    report.words += len(sample.words)
