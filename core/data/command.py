"""`courtside data`: from recordings to training lines.

python3 -m app data build VIDEOS --out DIR
python3 -m app data build VIDEOS --out DIR --endpoint http://localhost:8000/v1 --model NAME --stage2 --preview
python3 -m app data check FILE.jsonl --root VIDEOS
python3 -m app data preview DIR
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.chat.consent import confirm_cost
from core.data.options import add_arguments, asking_from, build_settings
from core.errors import DataError, UsageError

if TYPE_CHECKING:
    from core.chat.cost import Cost
    from core.data.build import Build

__all__ = ["add_arguments", "run"]
TRAIN = "train_with_seeks.jsonl"
PAGE = "preview.html"


def run(args: argparse.Namespace) -> int:
    """Do the step. Returns the exit status; raises CourtsideError."""
    if args.step == "preview":
        return _preview(args)
    if args.step == "check":
        return _check(args)
    with _build(args, args.out) as build:
        build.check()
        build.clean(_agreement(args))
        if args.step in ("build", "cut"):
            build.cut()
        if args.step == "stage2" or (args.step == "build" and args.stage2):
            build.stage2(_agreement(args))
        build.report.save(args.out)
    if args.step == "build" and args.preview:
        _write_page(args.out / TRAIN, build.report.root, args.out / PAGE, _chosen(args.out / TRAIN, 6, 0))
    _say(build.report.as_json(), build.report.summary() + f"\nWritten to {args.out}.\n", args.json)
    return 0


def _check(args: argparse.Namespace) -> int:
    """Look at recordings, or at a file of samples; 1 where something cannot be used."""
    if args.videos.suffix == ".jsonl":
        return _check_lines(args)
    if args.root is not None or args.decode:
        raise UsageError("Not for a folder", "--root and --decode are for a .jsonl file of training lines")
    scratch = tempfile.TemporaryDirectory(prefix="courtside-")
    with scratch as folder, _build(args, args.out or Path(folder)) as build:
        try:
            build.check()
        finally:
            if args.out is not None:
                build.report.save(args.out)
            _say(build.report.as_json(), build.report.summary(), args.json)
    left_out = [row.name for row in build.report.rows if not row.used]
    if not left_out:
        return 0
    raise DataError("Recordings are left out", f"{len(left_out)} of {len(build.report.rows)} cannot be used")


def _check_lines(args: argparse.Namespace) -> int:
    from core.data.check_samples import check_samples
    from core.data.jsonl import SampleFile
    from core.data.progress import progress

    root = _root(args.root, args.videos)
    with progress("check", len(SampleFile(args.videos))) as advance:
        report = check_samples(args.videos, root, args.decode, advance)
    _say(report.as_json(), report.text(), args.json)
    if report.good == report.samples:
        return 0
    bad = report.samples - report.good
    raise DataError("Lines cannot be used", f"{bad} of {report.samples} in {args.videos}")


@contextmanager
def _build(args: argparse.Namespace, out: Path) -> Iterator[Build]:
    """The steps over the recordings, with the output folder to themselves."""
    from core.data.build import Build
    from core.data.recordings import find_recordings
    from core.data.step import WORK

    settings = build_settings(args)
    asking = asking_from(args, out / WORK / "replies") if hasattr(args, "endpoint") else None
    recordings = find_recordings(args.videos, out)
    build = Build(args.videos, recordings, out, settings, asking, args.workers)
    with build.alone():
        yield build


def _agreement(args: argparse.Namespace) -> Any:
    """Says what asking will cost, and asks whether that is right."""

    def agree(step: str, cost: Cost) -> None:
        confirm_cost(step, cost, args.price, args.endpoint, yes=args.yes)

    return agree


def _preview(args: argparse.Namespace) -> int:
    path = args.path / TRAIN if args.path.is_dir() else args.path
    if args.path.is_dir() and not path.is_file():
        raise DataError("Nothing to show", f"{args.path} holds no {TRAIN}; is it the --out of `data build`?")
    lines = sorted(set(args.line)) if args.line else _chosen(path, args.samples, args.seed)
    out = args.out or path.with_name(PAGE)
    _write_page(path, _root(args.root, path), out, lines)
    sys.stdout.write(f"{out}\n")
    return 0


def _chosen(path: Path, count: int, seed: int) -> list[int]:
    """Numbers of lines, from 1, in order."""
    from core.data.jsonl import SampleFile

    total = len(SampleFile(path))
    return sorted(random.Random(seed).sample(range(1, total + 1), min(count, total)))


def _write_page(path: Path, root: Path, out: Path, lines: list[int]) -> None:
    from core.data.atomic import atomic_file
    from core.data.jsonl import SampleFile
    from core.data.preview import page

    samples = SampleFile(path)
    beyond = [line for line in lines if line > len(samples)]
    if beyond:
        raise DataError("No such line", f"{path} has {len(samples)} lines, not {beyond[0]}")
    with atomic_file(out) as file:
        for piece in page(path.name, ((line, samples[line - 1]) for line in lines), root):
            file.write(piece.encode("utf-8", "replace"))


def _root(given: Path | None, path: Path) -> Path:
    """What the videos of a file of samples are relative to: as said, as the report beside it says, or its folder."""
    from core.data.report import reported_root

    if given is not None and not given.is_dir():
        raise DataError("No such folder", f"--root {given} is no folder")
    folder = path.parent
    return given or reported_root(folder) or reported_root(folder.parent) or folder


def _say(report: dict[str, Any], text: str, as_json: bool) -> None:
    shown = json.dumps(report, ensure_ascii=True) + "\n" if as_json else text
    sys.stdout.write("".join(char if char == "\n" or char.isprintable() else "\ufffd" for char in shown))
    sys.stdout.flush()
