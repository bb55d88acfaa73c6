"""`courtside eval ovo-bench`: questions asked while a video runs, answered by the likeliest of 17 options.

python3 -m app eval ovo-bench --data DIR --out DIR --model mit-han-lab/StreamingVLM
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.data.atomic import write_json, write_text
from core.eval.published import options
from core.eval.published.figures import Record, figure, share
from core.eval.published.frame_budget import FrameBudget
from core.eval.published.layout import find_video, read_entries, seconds, text
from core.eval.published.multiple_choice import Answered, Choice, answer_all
from core.eval.published.prompts import Prompts
from core.eval.published.result import Result, Table, finished
from core.eval.published.run import Run
from core.eval.published.video_question import VideoQuestion

LAYOUT = "DIR holds ovo_bench_new.json and the videos that it names (or DIR/src_videos does)."
FILE = "ovo_bench_new.json"
OPTIONS = ("No", "Yes", *"0123456789", *"ABCDE")
LETTERS = "ABCDE"
PREFIX = "The answer is:\n"
BEFORE_OPTION = "\n"
"""What an option's token follows in the prompt."""
PARTS = {
    "realtime": ("OCR", "ACR", "ATR", "STU", "FPD", "OJR"),
    "backward": ("EPM", "ASI", "HLD"),
    "forward": ("REC", "SSR", "CRR"),
}
BUDGET = FrameBudget(fps=2.0, max_frames=480, min_tokens=100, max_tokens=768)
"""As published."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval ovo-bench`."""
    options.multiple_choice(parser, LAYOUT)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The figures. Raises CourtsideError."""
    return finished(Run.of(args), "OVO-Bench", evaluate)


def evaluate(run: Run) -> Result | None:
    """Ask everything, write the published files. None in a process that does not report. Raises CourtsideError."""
    found = answer_all(run, read_choices(run.args.data, run), option_tokens(run), BUDGET)
    if found is None:
        return None
    write_json(run.out / f"{run.name}.json", [one.choice.entry | {"response": one.response} for one in found])
    figures, rows = _figures(found)
    write_text(run.out / f"{run.name}.txt", "".join(f"{name}: {right}/{total}\n" for name, right, total, _ in rows))
    return Result(figures, [Table("Tasks", ("task", "right", "of", "accuracy"), rows)])


def option_tokens(run: Run) -> list[tuple[int, str]]:
    """(id, option): the last token of each option as it would stand in the answer."""
    from core.prompt.template import Template

    encode = Template(run.model().checkpoint.tokenizer).encode
    return [(encode(BEFORE_OPTION + option)[-1], option) for option in OPTIONS]


def read_choices(root: Path, run: Run) -> list[Choice]:
    """The benchmark's questions, one for each time at which one is asked. Raises DataError."""
    entries = read_entries(root / FILE, lambda entry: questions_of(entry, run.prompts), run.skipped)
    return [_choice(number, entry, root) for number, entry in enumerate(entries)]


def _choice(number: int, entry: dict[str, Any], root: Path) -> Choice:
    video = find_video(entry["video"], root, root / "src_videos")
    question = VideoQuestion(video, entry["video_start"], entry["video_end"], entry["prompt"], PREFIX)
    return Choice(number, question, entry["answer"], {"task": entry["task"]}, entry)


def questions_of(entry: dict[str, Any], prompts: Prompts) -> list[dict[str, Any]]:
    """The questions of one entry. Raises ValueError or KeyError."""
    task = text(entry["task"], "task")
    place = {"id": entry["id"], "task": task, "video": text(entry["video"], "video")}
    if task == "CRR":
        prompt = prompts.fill("ovo_crr", question=text(entry["question"], "question"))
        start = seconds(entry["ask_time"], "ask_time")
        return [place | _at(test, prompt, ("No", "Yes")[test["type"]], start) for test in entry["test_info"]]
    if task == "REC":
        prompt = prompts.fill("ovo_rec", activity=text(entry["activity"], "activity"))
        return [place | _at(test, prompt, str(int(test["count"]))) for test in entry["test_info"]]
    if task == "SSR":
        asked = [(test, prompts.fill("ovo_ssr", step=text(test["step"], "step"))) for test in entry["test_info"]]
        return [place | _at(test, prompt, ("No", "Yes")[test["type"]]) for test, prompt in asked]
    lines = "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, entry["options"], strict=False))
    prompt = prompts.fill("ovo_choice", question=text(entry["question"], "question"), options=lines)
    return [place | _at(entry, prompt, LETTERS[entry["gt"]])]


def _at(test: dict[str, Any], prompt: str, answer: str, start: float = 0.0) -> dict[str, Any]:
    end = seconds(test["realtime"], "realtime")
    return {"prompt": prompt, "answer": answer, "video_start": start, "video_end": max(end, start + 1.0)}


def _figures(found: Sequence[Answered]) -> tuple[dict[str, Record], list[tuple[str, int, int, str]]]:
    """Each part's average over its tasks, as published; and a row for each task."""
    by_task: dict[str, list[bool]] = {}
    for one in found:
        by_task.setdefault(one.choice.labels["task"], []).append(one.right)
    figures = {"ovo_bench_questions": figure(float(len(found)), "questions", "higher")}
    averages = []
    for part, tasks in PARTS.items():
        shares = [share(by_task[task])["value"] for task in tasks if task in by_task]
        if shares:
            averages.append(sum(shares) / len(shares))
            figures[f"ovo_bench_{part}"] = figure(averages[-1], "share", "higher")
    if averages:
        figures["ovo_bench_average"] = figure(sum(averages) / len(averages), "share", "higher")
    figures |= {f"ovo_bench_{task}": share(right) for task, right in sorted(by_task.items())}
    rows = [(t, sum(right), len(right), f"{sum(right) / len(right):.3f}") for t, right in sorted(by_task.items())]
    return figures, rows
