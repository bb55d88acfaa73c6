"""`courtside eval`: how good the commentary is. Which benchmarks there are; each has a module with its options."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

BENCHMARKS = {
    "programmes": ("core.eval.programmes_command", "free-running commentary on held-out episodes, against their truth"),
    "ablations": ("core.eval.ablations.command", "the paper's comparisons of what the cache keeps, in one run"),
    "inf-streams": ("core.eval.published.inf_streams", "commentary on whole games, compared in pairs by a judge"),
    "livesports-cc": ("core.eval.published.livesports", "commentary on clips, compared in pairs by a judge"),
    "ovo-bench": ("core.eval.published.ovo_bench", "questions while a video runs, by multiple choice"),
    "longvideobench": ("core.eval.published.longvideobench", "questions about long videos, by multiple choice"),
    "efficiency": ("core.eval.published.efficiency", "latency and memory over one long stream, mode by mode"),
}
"""By name: the module with `add_arguments` and `run`, and a summary. Importing one loads nothing heavy."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval NAME`, for every NAME."""
    names = parser.add_subparsers(dest="what", metavar="BENCHMARK", required=True, title="benchmarks")
    for name, (module, summary) in BENCHMARKS.items():
        benchmark = names.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        import_module(module).add_arguments(benchmark)


def run(args: argparse.Namespace, *more: Any) -> dict[str, Any]:
    """Run the benchmark asked for and return its figures.

    Args:
        more: what the application adds for one of them: the streams of `programmes` over a screen.
    """
    module, _ = BENCHMARKS[args.what]
    result: dict[str, Any] = import_module(module).run(args, *more)
    return result
