"""`courtside eval arena`: how good the commentary is on matches that were never trained on.

python3 -m app eval arena --seeds 100000-100003 --seconds 120
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.messages import Line, Stats
from core.programmes.programme import HELD_OUT_SEED

if TYPE_CHECKING:
    from core.eval.metrics import Counts
    from core.eval.replay import Showing

ChunksFor = Callable[[argparse.Namespace, int], "Showing"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval`; loads nothing heavy."""
    parser.add_argument("what", choices=("arena",), help="the benchmark: the demo match, whose truth is known")
    parser.add_argument(
        "--seeds", type=_seeds, default=(HELD_OUT_SEED, HELD_OUT_SEED + 3), metavar="A-B", help="matches, both ends"
    )
    parser.add_argument("--seconds", type=int, default=120, help="watched of each match")
    parser.add_argument("--via", choices=("direct", "screen"), default="direct", help="the road of the pictures")
    parser.add_argument("--model", default=None, metavar="PATH", help="checkpoint (default: the bundled one)")
    parser.add_argument("--device", default=None, metavar="NAME", help="auto, cpu or cuda[:N]")
    parser.add_argument("--mode", default=None, help="what the cache keeps (see watch)")
    parser.add_argument("--drop-repeats", type=float, default=None, metavar="STEPS", help="(see watch)")
    parser.add_argument("--scoreboard", action="store_true", help="draw the score into the picture")
    parser.add_argument("--workers", type=int, default=1, help="matches watched at the same time")
    parser.add_argument("--lines", action="store_true", help="print what was said, on stderr")


def _seeds(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    try:
        span = int(first), int(last or first)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not A-B") from None
    if span[0] < HELD_OUT_SEED or span[1] < span[0]:
        raise argparse.ArgumentTypeError(f"{text}: seeds below {HELD_OUT_SEED} were trained on; give A-B from there on")
    return span


def run(args: argparse.Namespace, chunks_for: ChunksFor | None = None) -> dict[str, Any]:
    """Watch every match and return the figures; the table by kind goes to stderr.

    Args:
        chunks_for: makes the showing of a seed; needed for `--via screen`, which only the application can do.
    """
    if args.via == "screen" and chunks_for is None:
        raise UsageError("No screen here", "this command can only watch directly; the application watches screens")
    seeds = range(args.seeds[0], args.seeds[1] + 1)
    judged = []
    for seed, counts in zip(seeds, _watched(args, seeds, chunks_for), strict=True):
        judged.append(counts)
        sys.stderr.write(f"match {seed}: {len(judged)} of {len(seeds)}\n")
    sys.stderr.write(table(judged))
    return {"figures": figures([counts["all"] for counts in judged])}


def _watched(args: argparse.Namespace, seeds: range, chunks_for: ChunksFor | None) -> Iterator[dict[str, Counts]]:
    """Counts of each match, in order of the seeds."""
    if args.workers <= 1 or chunks_for is not None:
        yield from (watch_one(args, seed, chunks_for) for seed in seeds)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(args.workers, len(seeds)), mp_context=context, initializer=_one_thread) as pool:
        plain = argparse.Namespace(**{name: value for name, value in vars(args).items() if name != "run"})
        yield from pool.map(partial(watch_one, plain), seeds)


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def watch_one(args: argparse.Namespace, seed: int, chunks_for: ChunksFor | None = None) -> dict[str, Counts]:
    """Watch one match from its beginning with a fresh engine."""
    from core.config import resolve
    from core.engine.host import InlineHost
    from core.eval.replay import cost, direct, judge, watch
    from core.model.hub import settings_folder

    wanted = {
        "model": args.model,
        "device": args.device,
        "mode": args.mode,
        "drop_repeats": args.drop_repeats,
        "greedy": True,
    }
    trained_for = settings_folder(args.model or "")
    fps = resolve(wanted, trained_for).fps
    showing = chunks_for(args, seed) if chunks_for else direct(seed, args.seconds, fps, args.scoreboard)
    host = InlineHost(resolve(wanted | {"context": showing.fixture.context()}, trained_for))
    host.start()
    try:
        rounds: list[Stats] = []
        lines = watch(host, showing.chunks, _tell if args.lines else lambda line: None, rounds.append)
    finally:
        host.close()
    counts = judge(showing, lines)
    return counts | {"all": counts["all"] + cost(rounds)}


def _tell(line: Line) -> None:
    if line.text:
        sys.stderr.write(f"{line.start:7.1f}  {line.text}\n")


def table(matches: list[dict[str, Counts]]) -> str:
    """Precision, recall and teams for each kind of event, for people."""
    from core.eval.metrics import Counts, f1, precision, recall, team_right

    rows = [f"{'':10} {'events':>7} {'told':>7} {'prec.':>7} {'recall':>7} {'F1':>7} {'team':>7}"]
    for kind in matches[0]:
        c = sum((match[kind] for match in matches), Counts())
        shares = " ".join(f"{figure(c):7.3f}" for figure in (precision, recall, f1, team_right))
        rows.append(f"{kind:10} {c.events:7} {c.claims:7} {shares}")
    return "\n".join(rows) + "\n"


def figures(matches: list[Counts]) -> dict[str, dict[str, Any]]:
    """The benchmark's figures with 95 % bootstrap intervals over matches."""
    from core.eval import metrics

    wanted: dict[str, tuple[Callable[[Counts], float], str, float | None]] = {
        "event_f1": (metrics.f1, "share", 0.85),
        "event_precision": (metrics.precision, "share", 0.85),
        "event_recall": (metrics.recall, "share", 0.85),
        "team_right": (metrics.team_right, "share", 0.97),
        "score_right": (metrics.score_right, "share", 0.95),
        "false_alarms_per_quiet_minute": (metrics.false_alarms_per_quiet_minute, "1/min", 0.5),
        "picture_tokens_a_chunk": (metrics.tokens_a_round, "tokens", None),
        "chunk_compute": (metrics.compute_a_round_s, "s", None),
    }
    total = sum(matches, metrics.Counts())
    out = {}
    for name, (figure, unit, goal) in wanted.items():
        low, high = metrics.interval(matches, figure)
        better = "higher" if unit == "share" else "lower"
        out[name] = {"value": figure(total), "unit": unit, "low": low, "high": high, "goal": goal, "better": better}
    return out
