"""`courtside eval longvideobench`: questions about videos of up to an hour, answered by one token.

python3 -m app eval longvideobench --data DIR --out DIR --model mit-han-lab/StreamingVLM
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.data.atomic import write_text
from core.errors import CheckpointError
from core.eval.published import options
from core.eval.published.figures import Record, figure, share
from core.eval.published.frame_budget import FrameBudget
from core.eval.published.layout import find_video, read_entries, seconds, text
from core.eval.published.multiple_choice import Answered, Choice, answer_all
from core.eval.published.prompts import Prompts
from core.eval.published.result import Result, Table, finished
from core.eval.published.run import Run
from core.eval.published.video_question import VideoQuestion

LAYOUT = "DIR holds lvb_val.json and the folder videos."
FILE = "lvb_val.json"
OPTIONS = ("A", "B", "C", "D", "E", "F", "Yes", "No")
BUDGET = FrameBudget(fps=1.0, max_frames=768, min_tokens=128, max_tokens=768)
"""As published."""
COLUMNS = ("index", "video", "question", "question_category", "duration_group", "correct_choice", "prediction", "score")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval longvideobench`."""
    options.multiple_choice(parser, LAYOUT)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The figures. Raises CourtsideError."""
    return finished(Run.of(args), "LongVideoBench", evaluate)


def evaluate(run: Run) -> Result | None:
    """Ask everything, write a table of it. None in a process that does not report. Raises CourtsideError."""
    found = answer_all(run, read_choices(run.args.data, run), option_tokens(run), BUDGET)
    if found is None:
        return None
    write_text(run.out / f"{run.name}_LongVideoBench_1fps.tsv", _tsv(found))
    figures, rows = _figures(found)
    return Result(figures, [Table("By length and kind", ("questions", "right", "of", "accuracy"), rows)])


def option_tokens(run: Run) -> list[tuple[int, str]]:
    """(id, option) of every token that is an option, with or without a space before it. Raises CheckpointError."""
    tokenizer = run.model().checkpoint.tokenizer
    found = []
    for token in range(tokenizer.get_vocab_size()):
        piece = tokenizer.decode([token], skip_special_tokens=True)
        if piece in OPTIONS or (piece[:1] == " " and piece[1:] in OPTIONS):
            found.append((token, piece.strip()))
    if not found:
        raise CheckpointError("Unusable vocabulary", f"no token of it is one of {', '.join(OPTIONS)}")
    return found


def read_choices(root: Path, run: Run) -> list[Choice]:
    """The questions of the validation split. Raises DataError."""
    entries = read_entries(root / FILE, lambda entry: [_asked(entry, run.prompts)], run.skipped)
    return [_choice(number, entry, root) for number, entry in enumerate(entries)]


def _choice(number: int, entry: dict[str, Any], root: Path) -> Choice:
    video = find_video(entry["video"], root / "videos", root)
    question = VideoQuestion(video, 0.0, entry["duration"], entry["prompt"])
    labels = {name: entry[name] for name in ("duration_group", "question_category")}
    return Choice(number, question, OPTIONS[entry["correct_choice"]], labels, entry)


def _asked(entry: dict[str, Any], prompts: Prompts) -> dict[str, Any]:
    """What is needed of one entry. Raises ValueError or KeyError."""
    candidates = entry["candidates"]
    right = entry["correct_choice"]
    if not isinstance(candidates, list) or not isinstance(right, int) or not 0 <= right < min(len(candidates), 6):
        raise ValueError("'correct_choice' is the number of none of the candidates")
    question = text(entry["question"], "question")
    lines = "\n".join(f"{letter}. {said}" for letter, said in zip(OPTIONS, candidates, strict=False))
    return {
        "video": text(entry["video_path"], "video_path"),
        "duration": seconds(entry["duration"], "duration"),
        "question": question,
        "prompt": prompts.fill("longvideobench", question=question, options=lines),
        "correct_choice": right,
        "duration_group": str(entry["duration_group"]),
        "question_category": str(entry["question_category"]),
    }


def _tsv(found: Sequence[Answered]) -> str:
    """The columns of VLMEvalKit's table of predictions."""
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, delimiter="\t", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for one in found:
        entry = one.choice.entry | {"index": one.choice.index, "prediction": one.response, "score": int(one.right)}
        writer.writerow(entry)
    return table.getvalue()


def _figures(found: Sequence[Answered]) -> tuple[dict[str, Record], list[tuple[str, int, int, str]]]:
    """Accuracy of all, of each length, and a row for each of those and each kind of question."""
    figures = {
        "longvideobench_questions": figure(float(len(found)), "questions", "higher"),
        "longvideobench_accuracy": share([one.right for one in found]),
    }
    rows = []
    for split, prefix in (("duration_group", "up to {} s"), ("question_category", "{}")):
        for label in sorted({one.choice.labels[split] for one in found}, key=lambda label: (len(label), label)):
            right = [one.right for one in found if one.choice.labels[split] == label]
            rows.append((prefix.format(label), sum(right), len(right), f"{sum(right) / len(right):.3f}"))
            if split == "duration_group":
                figures[f"longvideobench_accuracy_{label}s"] = share(right)
    return figures, rows
