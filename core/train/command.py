"""`courtside train bundled --out DIR`: make the bundled model; `courtside train sft`: fine-tune a Qwen2.5-VL.

python3 -m app train bundled --out runs/bundled --initial assets/arena --minutes 8
python3 -m app train bundled --out runs/try --steps 3 --mix football=2 --rounds 4 --tiny --device cpu --workers 0
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.train.sft import options

MIX = "football=8,freedoom=24,desktop=13,unknown=3"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `train` can make, each with its options; loads nothing heavy."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT", title="what to train")
    _add_bundled(kinds.add_parser("bundled", help="the bundled model, on its programmes", allow_abbrev=False))
    about = "fine-tune a Qwen2.5-VL or Qwen2-VL checkpoint on training samples (docs/training.md)"
    options.add_arguments(kinds.add_parser("sft", help=about, description=about, allow_abbrev=False))


def _add_bundled(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the checkpoint goes")
    parser.add_argument("--steps", type=int, default=0, help="budget in updates")
    parser.add_argument("--minutes", type=float, default=0.0, help="budget in minutes of training")
    parser.add_argument("--leave-after", type=float, default=0.0, metavar="MINUTES", help="save and stop after so long")
    parser.add_argument("--resume", type=Path, metavar="DIR", help="go on from the training state in DIR")
    parser.add_argument("--initial", type=Path, metavar="DIR", help="start from the weights of the checkpoint in DIR")
    parser.add_argument("--induction-heads", action="store_true", help="start with induction heads for names")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="keep the training state here (default: OUT/training)"
    )
    parser.add_argument("--mix", metavar="NAME=CHUNKS,...", help=f"chunks of each programme an update; default: {MIX}")
    parser.add_argument("--rounds", type=int, default=16, help="one-second rounds in a chunk")
    parser.add_argument("--recall-texts", type=int, default=64, help="texts of the recall task an update")
    parser.add_argument("--workers", type=int, default=14, help="processes that make chunks")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True, help="use torch.compile")
    parser.add_argument("--peak", type=float, default=1.2e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log-every", type=int, default=100, metavar="STEPS")
    parser.add_argument("--tiny", action="store_true", help="a very small model, to try the command")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Train, export, and return the last figures. Raises UsageError for impossible options."""
    if args.what == "sft":
        return options.run(args)
    if not args.steps and not args.minutes:
        raise UsageError("No budget", "give --steps or --minutes")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    signal.signal(signal.SIGTERM, _stop)
    from core.train.build import build_run
    from core.train.mix import parse_mix

    def log(text: str) -> None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    state = args.state or args.resume or args.out / "training"
    mix = parse_mix(args.mix or MIX)
    trainer, batches = build_run(
        _config(args, mix.batch), mix, args.resume, args.initial, args.induction_heads, args.tiny, log
    )
    figures = trainer.run(batches, args.out, state)
    log(f"checkpoint: {args.out}; state: {state}; {trainer.where_time_went()}")
    return {"figures": {name: _figure(name, value) for name, value in figures.items()}}


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _config(args: argparse.Namespace, batch: int) -> Any:
    from core.train.train_config import TrainConfig

    known = {f.name for f in dataclasses.fields(TrainConfig)}
    given = {name: value for name, value in vars(args).items() if name in known}
    return TrainConfig(batch=batch, leave_after_minutes=args.leave_after, **given)


def _figure(name: str, value: float) -> dict[str, Any]:
    better = "lower" if name in ("loss", "data_wait") else "higher"
    units = {"steps_per_s": "1/s", "trained_min": "min", "step": "steps", "loss": "nats"}
    return {"value": value, "unit": units.get(name, "share"), "better": better}


def main() -> None:
    """`python3 -m core.train.command bundled --out DIR ...`: the same without the application."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    figures = run(parser.parse_args())  # leaves only the first process a stdout
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
