"""LiveSports-3K CC as published: clips with their human commentary, and models' answers on them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import DataError
from core.eval.published.layout import find_video, read_entries, read_lines, seconds, text
from core.eval.published.skipped import SkippedItems

SPLITS = ("LiveSports_3K_CC.jsonl", "LiveSports_3K_CC.json", "test.jsonl", "test.json")
VIDEOS = "LIVESPORTS3K_PATH"
SILENCE = "silence"
"""The other side where there are no other models' answers: it says nothing."""


@dataclass(frozen=True, slots=True)
class Clip:
    """An event of the test split.

    Attributes:
        name: path of its video. begin, end: seconds of it. title: of the event. previous: what was said before.
        reference: what the humans said.
    """

    name: str
    video_id: str
    event_id: Any
    begin: float
    end: float
    title: str
    previous: str
    reference: str

    @property
    def key(self) -> str:
        """As the published scores call it."""
        return f"{self.video_id}_{self.event_id}"

    def video(self, root: Path) -> Path:
        """Where its video lies: below the data set's root, or below $LIVESPORTS3K_PATH."""
        elsewhere = os.environ.get(VIDEOS)
        return find_video(self.name, root, *([Path(elsewhere)] if elsewhere else ()))

    def answered(self, pred: str) -> dict[str, Any]:
        """The published line of an answer."""
        times = {"begin": self.begin, "end": self.end}
        return {"video_id": self.video_id, "event_id": self.event_id} | times | {"pred": pred}


def read_clips(root: Path, skipped: SkippedItems) -> list[Clip]:
    """The test split of a data set. Raises DataError."""
    path = next((root / name for name in SPLITS if (root / name).is_file()), None)
    if path is None:
        raise DataError("No clips", f"{root} holds none of {', '.join(SPLITS)}")
    if path.suffix == ".json":
        return read_entries(path, lambda entry: [_clip(entry)], skipped)
    return read_lines(path, _clip, skipped)


def other_answers(path: Path, skipped: SkippedItems) -> Mapping[str, str]:
    """Another model's texts by clip. Raises DataError."""
    return dict(read_lines(path, _answer, skipped))


def _clip(found: dict[str, Any]) -> Clip:
    clip = Clip(
        name=text(found["video"], "video"),
        video_id=str(found["video_id"]),
        event_id=found["event_id"],
        begin=seconds(found["begin"], "begin"),
        end=seconds(found["end"], "end"),
        title=text(found.get("event_title") or "", "event_title"),
        previous=text(found.get("preasr_text") or "", "preasr_text"),
        reference=text(found["event_asr_text"], "event_asr_text"),
    )
    if not clip.begin < clip.end:
        raise ValueError(f"'end' {clip.end:g} is not after 'begin' {clip.begin:g}")
    return clip


def _answer(found: dict[str, Any]) -> tuple[str, str]:
    return f"{found['video_id']}_{found['event_id']}", text(found["pred"], "pred")
