"""`courtside eval programmes`: how good the commentary is on episodes that were never trained on.

python3 -m app eval programmes --only football --seeds 100000-100003 --seconds 120
"""

from __future__ import annotations

import argparse
import multiprocessing
import shlex
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.eval.options import held_out_seeds
from core.eval.shared_work import do_parts, several_processes, share
from core.messages import Line, Stats
from core.programmes.catalogue import NAMES, find
from core.programmes.programme import HELD_OUT_SEED

if TYPE_CHECKING:
    from core.config import StreamConfig
    from core.eval.episode_stream import EvalStream
    from core.eval.metrics import Counts
    from core.eval.results_folder import ResultsFolder

    StreamFor = Callable[[argparse.Namespace, str, int], EvalStream]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval programmes`; loads nothing heavy."""
    parser.add_argument("--only", choices=NAMES, metavar="NAME", help=f"one of {', '.join(NAMES)} (default: all)")
    held_out = (HELD_OUT_SEED, HELD_OUT_SEED + 3)
    parser.add_argument(
        "--seeds", type=held_out_seeds, default=held_out, metavar="A-B", help="seeds of the episodes, A to B"
    )
    parser.add_argument("--seconds", type=int, default=120, metavar="S", help="seconds watched of each episode")
    parser.add_argument(
        "--via",
        choices=("direct", "screen", "window", "programs"),
        default="direct",
        help="how frames reach the model: direct, or captured; programs: real ones perform the desktop session",
    )
    parser.add_argument("--model", default=None, metavar="PATH", help="checkpoint (default: the bundled one)")
    parser.add_argument("--device", default=None, metavar="NAME", help="auto, cpu or cuda[:N]")
    parser.add_argument("--mode", default=None, help="what the cache keeps (see watch)")
    parser.add_argument("--drop-repeats", type=float, default=None, metavar="STEPS", help="(see watch)")
    parser.add_argument("--scoreboard", action="store_true", help="draw facts into the frames, as the score")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="episodes watched at the same time")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="keep each episode's result, and write report.html"
    )
    parser.add_argument("--lines", action="store_true", help="print what was said, on stderr")


def run(args: argparse.Namespace, stream_for: StreamFor | None = None) -> dict[str, Any]:
    """Watch every episode and return the figures; the tables by kind go to stderr.

    A programme that cannot run here is left out, which is said; UsageError when nothing is left.

    Args:
        stream_for: makes the stream of a programme and a seed; needed for `--via screen|window`, which only the
            application can do.
    """
    if args.via != "direct" and stream_for is None:
        raise UsageError("No screen here", "this command can only watch directly; the application watches screens")
    config = _resolved(args)
    if args.out is None and several_processes():
        raise UsageError("No folder to share", "several processes need --out DIR for their results")
    from core.eval.results_folder import ResultsFolder

    with TemporaryDirectory() as nowhere:
        folder = ResultsFolder(args.out or Path(nowhere), _settings(args))
        refused = _watch_all(args, folder, config, stream_for)
        return _reported(args, folder, refused)


def _settings(args: argparse.Namespace) -> dict[str, Any]:
    """What results depend on, besides programme and seed."""
    from core.eval.results_folder import digest_of

    options = ("seconds", "via", "device", "mode", "drop_repeats", "scoreboard")
    return {option: getattr(args, option) for option in options} | {"model": digest_of(args.model or "")}


def _watch_all(
    args: argparse.Namespace, folder: ResultsFolder, config: StreamConfig, stream_for: StreamFor | None
) -> dict[str, UsageError]:
    """Watch what has not been watched. Returns why programmes cannot run here, by their names."""
    refused: dict[str, UsageError] = {}

    def work(device: str, wait: bool) -> None:
        mine = argparse.Namespace(**{**vars(args), "device": device or args.device})
        for name in _names(args):
            try:
                do_parts(folder, _parts(mine, name), partial(_part, mine, stream_for), wait)
            except UsageError as error:
                refused[name] = error
                sys.stderr.write(f"{name} is left out: {error}\n")

    if args.workers > 1 and stream_for is None:
        _watch_in_processes(args, folder)
    share(work, config.device)
    return refused


def _watch_in_processes(args: argparse.Namespace, folder: ResultsFolder) -> None:
    plain = argparse.Namespace(**{option: value for option, value in vars(args).items() if option != "run"})
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(args.workers, mp_context=context) as pool:
        for done in [pool.submit(_watch_as_worker, plain, folder.path) for _ in range(args.workers)]:
            done.result()


def _watch_as_worker(args: argparse.Namespace, path: Path) -> None:
    """A process beside the one that reports; what cannot run here is left to that one to tell."""
    import torch

    from core.eval.results_folder import ResultsFolder

    torch.set_num_threads(1)
    folder = ResultsFolder(path, _settings(args))
    for name in _names(args):
        with suppress(UsageError):
            do_parts(folder, _parts(args, name), partial(_part, args, None), wait=False)


def _names(args: argparse.Namespace) -> Sequence[str]:
    return [args.only] if args.only else NAMES


def _parts(args: argparse.Namespace, name: str) -> list[str]:
    """Names of the episodes of a programme, as `_part` takes them."""
    return [f"{name}-{seed}" for seed in range(args.seeds[0], args.seeds[1] + 1)]


def _part(args: argparse.Namespace, stream_for: StreamFor | None, part: str) -> dict[str, Any]:
    """Watch an episode; its counts for a file."""
    name, _, seed = part.partition("-")
    counts = watch_one(args, name, int(seed), stream_for)
    sys.stderr.write(f"{name} {seed}: watched\n")
    return {key: asdict(sums) for key, sums in counts.items()}


def _reported(args: argparse.Namespace, folder: ResultsFolder, refused: dict[str, UsageError]) -> dict[str, Any]:
    from core.eval.metrics import Counts
    from core.eval.programmes import figures, table
    from core.eval.programmes_report import report
    from core.eval.results_folder import REPORT

    found: dict[str, Any] = {}
    watched: dict[str, list[dict[str, Counts]]] = {}
    for name in _names(args):
        if name in refused:
            continue
        results = [folder.load(part) or {} for part in _parts(args, name)]
        watched[name] = [{key: Counts(**sums) for key, sums in result.items()} for result in results]
        sys.stderr.write(table(find(name), watched[name]))
        found |= figures(find(name), watched[name], args.via)
    if refused and not found:
        raise next(iter(refused.values()))
    if args.out is None:
        return {"figures": found}
    report(_command(args), watched, found).write(args.out / REPORT)
    sys.stderr.write(f"report: {args.out / REPORT}\n")
    return {"figures": found, "report": str(args.out / REPORT)}


def _command(args: argparse.Namespace) -> str:
    words = ["courtside", "eval", "programmes", *(("--only", args.only) if args.only else ())]
    words += ["--seeds", f"{args.seeds[0]}-{args.seeds[1]}", "--seconds", str(args.seconds)]
    for option in ("via", "mode", "drop_repeats", "device"):
        value = getattr(args, option)
        if value not in (None, "direct"):
            words += [f"--{option.replace('_', '-')}", str(value)]
    words += ["--scoreboard"] if args.scoreboard else []
    return shlex.join(words)


def watch_one(args: argparse.Namespace, name: str, seed: int, stream_for: StreamFor | None = None) -> dict[str, Counts]:
    """Watch one episode from its beginning with a fresh engine."""
    from core.engine.host import InlineHost
    from core.eval.episode_stream import direct_stream
    from core.eval.programmes import ALL, cost, score, watch

    if stream_for is None:
        stream = direct_stream(find(name), seed, args.seconds, _resolved(args).fps, args.scoreboard)
    else:
        stream = stream_for(args, name, seed)
    host = InlineHost(_resolved(args, stream.context))
    host.start()
    try:
        rounds: list[Stats] = []
        lines = watch(host, stream.chunks, _print_line if args.lines else lambda line: None, rounds.append)
    finally:
        host.close()
    counts = score(find(name), stream, lines)
    return counts | {ALL: counts[ALL] + cost(rounds)}


def _resolved(args: argparse.Namespace, context: str = "") -> StreamConfig:
    """The settings of a stream. Raises UsageError for impossible ones."""
    from core.model.hub import stream_config

    options = ("model", "device", "mode", "drop_repeats")
    wanted = {option: getattr(args, option) for option in options}
    return stream_config(wanted | {"greedy": True, "context": context})


def _print_line(line: Line) -> None:
    if line.text:
        sys.stderr.write(f"{line.start:7.1f}  {line.text}\n")
