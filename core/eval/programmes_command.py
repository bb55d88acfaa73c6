"""`courtside eval programmes`: how good the commentary is on episodes that were never trained on.

python3 -m app eval programmes --only football --seeds 100000-100003 --seconds 120
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
from core.programmes.catalogue import NAMES, find
from core.programmes.programme import HELD_OUT_SEED

if TYPE_CHECKING:
    from core.config import StreamConfig
    from core.eval.episode_stream import EvalStream
    from core.eval.metrics import Counts

    StreamFor = Callable[[argparse.Namespace, str, int], EvalStream]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval programmes`; loads nothing heavy."""
    parser.add_argument("--only", choices=NAMES, metavar="NAME", help=f"one of {', '.join(NAMES)} (default: all)")
    held_out = (HELD_OUT_SEED, HELD_OUT_SEED + 3)
    parser.add_argument("--seeds", type=_seeds, default=held_out, metavar="A-B", help="seeds of the episodes, A to B")
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


def run(args: argparse.Namespace, stream_for: StreamFor | None = None) -> dict[str, Any]:
    """Watch every episode and return the figures; the tables by kind go to stderr.

    A programme that cannot run here is left out, which is said; UsageError when nothing is left.

    Args:
        stream_for: makes the stream of a programme and a seed; needed for `--via screen|window`, which only the
            application can do.
    """
    from core.eval.programmes import figures, table

    if args.via != "direct" and stream_for is None:
        raise UsageError("No screen here", "this command can only watch directly; the application watches screens")
    _resolved(args)
    seeds = range(args.seeds[0], args.seeds[1] + 1)
    found: dict[str, Any] = {}
    refused: UsageError | None = None
    for name in [args.only] if args.only else NAMES:
        try:
            episodes = _watched(args, name, seeds, stream_for)
        except UsageError as error:
            refused = error
            sys.stderr.write(f"{name} is left out: {error}\n")
            continue
        sys.stderr.write(table(find(name), episodes))
        found |= figures(find(name), episodes, args.via)
    if refused is not None and not found:
        raise refused
    return {"figures": found}


def _watched(
    args: argparse.Namespace, name: str, seeds: range, stream_for: StreamFor | None
) -> list[dict[str, Counts]]:
    """Counts of each episode of a programme, in order of the seeds."""
    episodes = []
    for seed, counts in zip(seeds, _counts(args, name, seeds, stream_for), strict=True):
        episodes.append(counts)
        sys.stderr.write(f"{name} {seed}: {len(episodes)} of {len(seeds)}\n")
    return episodes


def _counts(
    args: argparse.Namespace, name: str, seeds: range, stream_for: StreamFor | None
) -> Iterator[dict[str, Counts]]:
    if args.workers <= 1 or stream_for is not None:
        yield from (watch_one(args, name, seed, stream_for) for seed in seeds)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(args.workers, len(seeds)), mp_context=context, initializer=_one_thread) as pool:
        plain = argparse.Namespace(**{option: value for option, value in vars(args).items() if option != "run"})
        yield from pool.map(partial(watch_one, plain, name), seeds)


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


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
