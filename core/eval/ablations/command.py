"""`courtside eval ablations`: the paper's comparisons of what the cache keeps, on one model, the same frames and seeds.

python3 -m app eval ablations --seeds 734201-734202 --seconds 900 --out ablations
"""

from __future__ import annotations

import argparse
import multiprocessing
import shlex
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import EngineError
from core.eval.ablations.variant import BASE, GROUPS, Run, Variant, parse_models, runs, variants
from core.eval.options import held_out_seeds
from core.programmes.catalogue import NAMES, find
from core.programmes.programme import HELD_OUT_SEED

if TYPE_CHECKING:
    from core.eval.ablations.outcome import Summary
    from core.eval.ablations.watching import Plan
    from core.eval.results_folder import ResultsFolder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval ablations`; loads nothing heavy."""
    seeds = (HELD_OUT_SEED, HELD_OUT_SEED + 1)
    parser.add_argument("--programme", choices=NAMES, default="football", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument(
        "--seeds", type=held_out_seeds, default=seeds, metavar="A-B", help="seeds of the episodes, A to B"
    )
    parser.add_argument("--seconds", type=_seconds, default=300, metavar="S", help="seconds watched of each episode")
    parser.add_argument("--groups", nargs="+", choices=tuple(GROUPS), default=list(GROUPS), help="what is compared")
    parser.add_argument("--models", nargs="+", default=[], metavar="NAME=DIR",
                        help="checkpoints trained in other ways: no-overlap=DIR not-moved=DIR, or any")  # fmt: skip
    parser.add_argument("--model", default=None, metavar="PATH", help="checkpoint (default: the bundled one)")
    parser.add_argument("--device", default=None, metavar="NAME", help="auto, cpu or cuda[:N]")
    parser.add_argument("--dtype", default=None, metavar="NAME", help="number format (see watch)")
    parser.add_argument("--scoreboard", action="store_true", help="draw facts into the frames, as the score")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes of this machine's CPU")
    parser.add_argument("--out", type=Path, default=Path("ablations"), metavar="DIR",
                        help="results, kept from run to run, and report.html (default: ablations)")  # fmt: skip
    parser.add_argument(
        "--page", type=Path, default=None, metavar="FILE.md", help="write the table into this page, too"
    )


def _seconds(text: str) -> int:
    if not text.isdigit() or int(text) < 12:
        raise argparse.ArgumentTypeError(f"{text!r}: at least 12 seconds are needed for parts of a run")
    return int(text)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Watch what has not been watched yet, and return the figures; the report lies in `--out`.

    Raises UsageError for impossible settings, and for a folder with results of other ones.
    """
    from core.eval.ablations.watching import watch_all
    from core.eval.shared_work import share

    chosen = variants(args.groups, parse_models(args.models), args.seconds)
    streams = runs(chosen, {option: getattr(args, option) for option in ("model", "device", "dtype")})
    plan = _plan(args, streams)
    if args.workers > 1:
        _watch_in_processes(plan, args.workers)
    share(partial(watch_all, plan), streams[0].config.device)
    return _reported(args, plan, chosen, streams)


def _plan(args: argparse.Namespace, streams: list[Run]) -> Plan:
    from core.eval.ablations.watching import Plan
    from core.eval.results_folder import digest_of
    from core.eval.stored_episode import EpisodeRequest

    seeds = range(args.seeds[0], args.seeds[1] + 1)
    fps = streams[0].config.fps
    requests = [EpisodeRequest(args.programme, seed, args.seconds, fps, args.scoreboard) for seed in seeds]
    settings = {
        "programme": args.programme,
        "seconds": args.seconds,
        "scoreboard": args.scoreboard,
        "model": digest_of(args.model or ""),
        "device": args.device or "auto",
        "dtype": args.dtype or "auto",
    }
    models = {stream.name: digest_of(stream.config.model) for stream in streams if stream.of_another_model}
    return Plan(args.out, settings, tuple(streams), tuple(requests), models)


def _watch_in_processes(plan: Plan, workers: int) -> None:
    from core.eval.ablations.watching import watch_as_worker

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        for done in [pool.submit(watch_as_worker, plan) for _ in range(workers)]:
            done.result()


def _reported(args: argparse.Namespace, plan: Plan, chosen: list[Variant], streams: list[Run]) -> dict[str, Any]:
    from core.eval.ablations.figures import figures
    from core.eval.ablations.pages import report, write_section
    from core.eval.ablations.verdict import verdicts
    from core.eval.results_folder import REPORT

    found, failed = _summaries(plan, plan.folder(), streams)
    if BASE not in found:
        raise EngineError("Nothing to compare with", f"{BASE} failed: {failed.get(BASE, 'nothing was watched')}")
    judged = verdicts(found)
    records = figures(find(args.programme), found)
    report(_command(args), chosen, found, failed, judged, records).write(args.out / REPORT)
    if args.page:
        write_section(args.page, _command(args), chosen, found, judged)
    for verdict in judged:
        sys.stderr.write(f"{verdict}\n")
    sys.stderr.write(f"report: {args.out / REPORT}\n")
    said = [asdict(verdict) for verdict in judged]
    result = {"figures": records, "verdicts": said, "report": str(args.out / REPORT)}
    return result | ({"failed": failed} if failed else {})


def _summaries(plan: Plan, folder: ResultsFolder, streams: list[Run]) -> tuple[dict[str, Summary], dict[str, str]]:
    """What each variant gave, and why those failed that gave nothing; drawn frames go."""
    from core.eval.ablations.outcome import Outcome, Summary
    from core.eval.ablations.watching import FAILED
    from core.eval.stored_episode import StoredEpisode

    found: dict[str, Summary] = {}
    failed: dict[str, str] = {}
    for stream in streams:
        results = [folder.load(name) or {} for name, (run, _) in plan.parts().items() if run.name == stream.name]
        outcomes = [outcome for result in results if (outcome := Outcome.from_json(result))]
        for variant in stream.variants:
            if len(outcomes) == len(results):
                found[variant.name] = Summary.of(outcomes)
            else:
                failed[variant.name] = next((str(r[FAILED]) for r in results if FAILED in r), "its result is damaged")
    for request in plan.requests:
        StoredEpisode(plan.out / "frames", request).delete()
    return found, failed


def _command(args: argparse.Namespace) -> str:
    words = ["courtside", "eval", "ablations", "--seeds", f"{args.seeds[0]}-{args.seeds[1]}", "--seconds", args.seconds]
    words += ["--programme", args.programme] if args.programme != "football" else []
    words += ["--groups", *args.groups] if args.groups != list(GROUPS) else []
    words += ["--scoreboard"] if args.scoreboard else []
    words += ["--model", Path(args.model).name] if args.model else []
    words += ["--models", *(f"{name}=DIR" for name in parse_models(args.models))] if args.models else []
    return shlex.join(map(str, words))
