"""Commentaries on games as the published layout keeps them: `model_answers/MODEL/result_i.jsonl`, merged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.data.atomic import write_text
from core.eval.published.games import Clip
from core.eval.published.layout import read_lines, seconds, text
from core.eval.published.skipped import SkippedItems

MERGED = "merged_result.jsonl"


@dataclass(frozen=True, slots=True)
class Item:
    """What was said in [start, end) seconds of the video; "" is silence."""

    start: float
    end: float
    response: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said in one go, from `start` to `end` seconds of a video."""

    video: str
    start: int
    end: int
    items: tuple[Item, ...]

    def record(self) -> dict[str, Any]:
        """The published line."""
        items = [{"response": item.response, "start_time": item.start, "end_time": item.end} for item in self.items]
        return {"video": self.video, "chunk_start": self.start, "chunk_end": self.end, "items": items}

    def text(self, clip: Clip) -> str | None:
        """What was said in a segment: of the items that end in it. None where nothing covers it.

        Silence is an answer; a segment without a single item is none.
        """
        if self.start > clip.start or self.end < clip.end:
            return None
        inside = [item.response.strip() for item in self.items if clip.start < int(item.end) <= clip.end]
        return " ".join(filter(None, inside)) if inside else None


def read_answer(found: dict[str, Any]) -> Answer:
    """The answer in a published line. Raises ValueError or KeyError for what is none."""
    items = found["items"]
    if not isinstance(items, list):
        raise ValueError("'items' is no list")
    return Answer(
        video=text(found["video"], "video"),
        start=int(seconds(found["chunk_start"], "chunk_start")),
        end=int(seconds(found["chunk_end"], "chunk_end")),
        items=tuple(_item(item) for item in items),
    )


def _item(found: Any) -> Item:
    if not isinstance(found, dict):
        raise ValueError("an item is no object")
    said = found["response"] if "response" in found else found["text"]
    end = seconds(found["end_time"], "end_time")
    return Item(seconds(found.get("start_time", end), "start_time"), end, text(said, "response"))


def merged(answers: Iterable[Answer]) -> list[Answer]:
    """One answer a video, its items in order of time, none twice."""
    by_video: dict[str, list[Answer]] = {}
    for answer in answers:
        by_video.setdefault(answer.video, []).append(answer)
    return [_joined(by_video[video]) for video in sorted(by_video)]


def _joined(answers: Sequence[Answer]) -> Answer:
    """Of two answers that begin together the longer one holds; what an earlier one reached is not said again."""
    items: list[Item] = []
    reached = -1.0
    for answer in sorted(answers, key=lambda answer: (answer.start, -answer.end)):
        items += [item for item in answer.items if item.end > reached + 1e-6]
        reached = max(reached, items[-1].end if items else reached)
    start = min(answer.start for answer in answers)
    return Answer(answers[0].video, start, max(answer.end for answer in answers), tuple(items))


def write_merged(folder: Path, answers: Sequence[Answer]) -> None:
    """Write `merged_result.jsonl`. Raises DataError."""
    lines = [json.dumps(answer.record(), ensure_ascii=False) for answer in answers]
    write_text(folder / MERGED, "".join(f"{line}\n" for line in lines))


def read_merged(path: Path, skipped: SkippedItems) -> dict[str, Answer]:
    """Another model's answers by video: a `merged_result.jsonl`, or the folder that holds one. Raises DataError."""
    file = path / MERGED if path.is_dir() else path
    return {answer.video: answer for answer in merged(read_lines(file, read_answer, skipped))}
