"""Multiple-choice questions over a whole benchmark: resumable, split over processes, one record a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.data.progress import progress
from core.errors import SourceError
from core.eval.published.frame_budget import FrameBudget
from core.eval.published.record_file import RecordFolder
from core.eval.published.run import Run
from core.eval.published.video_question import QuestionAnswerer, VideoQuestion

FORM = 1
"""Of the answers; those of another one are made anew."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question of a benchmark.

    Attributes:
        index: its place in the benchmark. question: what is asked. answer: what is right.
        labels: by which figures are split, by the name of the split.
        entry: the benchmark's own fields, for the file of results.
    """

    index: int
    question: VideoQuestion
    answer: str
    labels: dict[str, str]
    entry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, and which option was the likeliest."""

    choice: Choice
    response: str

    @property
    def right(self) -> bool:
        """Whether the response begins with the right answer, as published."""
        return self.response.startswith(self.choice.answer)


def answer_all(
    run: Run, choices: Sequence[Choice], tokens: Sequence[tuple[int, str]], budget: FrameBudget
) -> list[Answered] | None:
    """Every question that can be answered, at most --limit; None in a process that does not report.

    Args:
        tokens: (id, text) of each option; the answer is the text of the likeliest.
        budget: as published; --fps and --max-frames come before it.

    Raises CheckpointError, UsageError, EngineError or DataError.
    """
    choices = choices[: run.args.limit]
    budget = budget.limited(run.args.fps, run.args.max_frames)
    config = run.config(mode="full", query="", context="", drop_repeats=0.0)
    settings = run.said_by(config) | {"form": FORM, "budget": [budget.fps, budget.max_frames, budget.total_tokens]}
    folder = RecordFolder(run.out / "answers" / run.name, settings)
    known = {record["index"] for record in folder.records() if isinstance(record.get("response"), str)}
    left = [choice for choice in run.ranks.share(choices) if choice.index not in known]
    with progress(run.name, len(left)) as advance:
        for choice in left:
            try:
                answerer = QuestionAnswerer(run.model(), config, budget)
                place = answerer.likeliest(choice.question, [token for token, _ in tokens])
                folder.append(run.ranks.number, {"index": choice.index, "response": tokens[place][1]})
            except SourceError as error:
                run.skipped.add_video(f"question {choice.index + 1}", error)
            advance(f"question {choice.index + 1}")
    run.gather_skipped()
    if not run.ranks.first:
        return None
    found = {record["index"]: record["response"] for record in folder.records() if "index" in record}
    return [Answered(choice, found[choice.index]) for choice in choices if choice.index in found]
