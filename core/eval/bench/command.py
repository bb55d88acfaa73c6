"""`courtside bench`: speed and memory on this machine, beside its floors and beside transformers' own loop.

python3 -m app bench --device cuda
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.config import ATTENTIONS
from core.errors import UsageError

if TYPE_CHECKING:
    from core.eval.bench.bench import Bench
    from core.eval.bench.figure import Figure

APPLICATION = ("start", "window", "ui", "capture")
"""Sections that only the application has."""
Section = Callable[["Bench"], Iterator["Figure"]]

SECTIONS = {
    "machine": ("core.eval.bench.machine", "figures"),
    "chunk": ("core.eval.bench.chunk", "figures"),
    "peer": ("core.eval.bench.transformers_comparison", "figures"),
    "evict": ("core.eval.bench.eviction", "figures"),
    "memory": ("core.eval.bench.throughput", "memory"),
    "twins": ("core.eval.bench.agreement", "figures"),
    "maxfps": ("core.eval.bench.throughput", "max_fps"),
    "sweep": ("core.eval.bench.sweep", "figures"),
}
"""In the order they run: what matters most comes first. Module and function, imported when it is their turn."""
RANDOM = tuple(SECTIONS)
BUNDLED = ("machine", "chunk", "peer", "sweep")
"""What is measured unless `--only` says otherwise: of random weights, and of a checkpoint (the application, too)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `bench`; loads nothing heavy."""
    names = ", ".join((*SECTIONS, *APPLICATION))
    parser.add_argument("--device", default="cpu", metavar="NAME", help="cpu or cuda[:N]")
    parser.add_argument(
        "--shape",
        choices=("bundled", "7b", "tiny"),
        help="random weights of that shape, or the checkpoint (default: 7b on a GPU, else bundled)",
    )
    parser.add_argument("--model", default="", metavar="PATH", help="checkpoint (default: the bundled one)")
    parser.add_argument("--attention", choices=ATTENTIONS, default="auto", help="over the KV cache (see watch)")
    parser.add_argument("--only", metavar="NAME,...", help=f"sections: {names}")
    parser.add_argument("--quick", action="store_true", help="a few rounds of each, to see that it runs")
    parser.add_argument("--long", action="store_true", help="a minute of every steady state")
    parser.add_argument("--minutes", type=float, default=8.0, help="begin nothing new after this long")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the sweep's curves into an SVG")
    parser.add_argument(
        "--endure", type=int, default=0, metavar="ROUNDS", help="only this: so many rounds at full pace"
    )


def run(args: argparse.Namespace, more: Mapping[str, Section] | None = None) -> dict[str, Any]:
    """Measure section by section; each figure is printed as it is known, and all are returned.

    A section that breaks is told on stderr and named under "failed".

    Args:
        more: sections of the application's own, run after those of this package.
    """
    names = chosen(args, more or {})
    from core.eval.bench.bench import Bench
    from core.eval.bench.figure import COLUMNS
    from core.eval.bench.workload import workload_for

    cuda = args.device.startswith("cuda")
    workload = workload_for(cuda, args.quick, args.long)
    ends_at = time.monotonic() + 60 * args.minutes
    bench = Bench(args.device, _shape(args), args.model, workload, ends_at, args.attention)
    sys.stdout.write(COLUMNS + "\n")
    figures: dict[str, Any] = {}
    failed: dict[str, str] = {}
    for name in names:
        if bench.out_of_time():
            bench.report(f"out of time: {name} is left out")
            continue
        try:
            for figure in _section(name, args, more or {})(bench):
                sys.stdout.write(figure.row() + "\n")
                sys.stdout.flush()
                figures[figure.name] = figure.record()
        except Exception as error:  # noqa: BLE001 - whatever stops one section, the others are worth their time
            failed[name] = f"{type(error).__name__}: {error}"
            traceback.print_exc()
    if args.plot:
        from core.eval.bench import plot

        plot.write(args.plot, bench.curves)
    return {"figures": figures} | ({"failed": failed} if failed else {})


def chosen(args: argparse.Namespace, more: Mapping[str, Section]) -> list[str]:
    """The sections asked for, in the order they run. Raises UsageError for a name that there is none of."""
    if args.endure:
        return ["endure"]
    known = [*SECTIONS, *more]
    if not args.only:
        return [*BUNDLED, *more] if _shape(args) == "bundled" else list(RANDOM)
    asked = args.only.split(",")
    if unknown := [name for name in asked if name not in known]:
        raise UsageError("No such section", f"{unknown[0]}; there are {', '.join(known)}")
    return [name for name in known if name in asked]


def _shape(args: argparse.Namespace) -> str:
    if args.shape is None:
        return "7b" if args.device.startswith("cuda") and not args.model else "bundled"
    return args.shape


def _section(name: str, args: argparse.Namespace, more: Mapping[str, Section]) -> Section:
    if name in more:
        return more[name]
    if name == "endure":
        from core.eval.bench import endurance

        return lambda bench: endurance.figures(bench, args.endure)
    module, function = SECTIONS[name]
    return getattr(import_module(module), function)
