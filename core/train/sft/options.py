"""The options of `courtside train sft`; loads nothing heavy."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path
from typing import Any

from core.errors import UsageError

FULL_RATE = 1e-5
LORA_RATE = 1e-4
LORA_RANK = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is trained on what, and how."""
    what = parser.add_argument_group("what")
    what.add_argument("--data", type=Path, required=True, nargs="+", metavar="FILE.jsonl", help="training samples")
    what.add_argument("--root", type=Path, required=True, metavar="DIR", help="what the videos' paths are relative to")
    what.add_argument("--model", required=True, metavar="DIR|ID", help="the Qwen2.5-VL or Qwen2-VL to begin with")
    what.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the checkpoint goes")
    what.add_argument("--resume", type=Path, metavar="DIR", help="go on with the run whose --out was DIR")
    what.add_argument("--stage2", action="store_true", help="train on the annealing pieces, fg/ beside --data")
    what.add_argument("--lora", action="store_true", help="train adapters and merge them: much less memory")
    what.add_argument("--lora-rank", type=int, default=LORA_RANK, metavar="N")
    what.add_argument("--train-vision", action="store_true", help="train the vision tower, too")
    _add_budget(parser.add_argument_group("how"))
    _add_form(parser.add_argument_group("the samples as tokens"))


def _add_budget(how: argparse._ArgumentGroup) -> None:
    how.add_argument("--steps", type=int, default=0, metavar="N", help="updates (default: one pass over the data)")
    how.add_argument("--minutes", type=float, default=0.0, metavar="M", help="minutes of training instead")
    how.add_argument("--batch", type=int, default=16, metavar="N", help="samples an update, on all GPUs together")
    how.add_argument("--pack-tokens", type=int, default=16384, metavar="N", help="tokens of a packed sequence; 0: none")
    how.add_argument(
        "--learning-rate", type=float, metavar="R", help=f"default {FULL_RATE:g}, with --lora {LORA_RATE:g}"
    )
    how.add_argument("--warmup", type=float, default=0.03, metavar="SHARE", help="of the budget")
    how.add_argument("--weight-decay", type=float, default=0.0)
    how.add_argument("--clip", type=float, default=1.0, help="largest norm of the gradient")
    how.add_argument("--device", choices=("cpu", "cuda"), help="default: cuda where there is one")
    how.add_argument("--workers", type=int, default=4, metavar="N", help="processes that decode; 0: none")
    how.add_argument("--checkpointing", action=argparse.BooleanOptionalAction, default=True, help="of activations")
    how.add_argument(
        "--liger", action=argparse.BooleanOptionalAction, default=True, help="Liger's kernels, if installed"
    )
    how.add_argument(
        "--keep-layers", type=int, default=0, metavar="N", help="without checkpointing: faster, more memory"
    )
    how.add_argument("--seed", type=int, default=0)
    how.add_argument("--log-every", type=int, default=10, metavar="STEPS")
    how.add_argument("--save-minutes", type=float, metavar="M", help="between states (default: 2 %% of the time)")
    how.add_argument(
        "--keep-state", action=argparse.BooleanOptionalAction, default=True, help="leave a state when the run is done"
    )


def _add_form(form: argparse._ArgumentGroup) -> None:
    form.add_argument(
        "--prompt-form",
        choices=("inference", "training"),
        default="inference",
        help="as the engine writes it (default), or as the published training code wrote it",
    )
    form.add_argument("--sink-tokens", type=int, default=512, metavar="N")
    form.add_argument("--text-window-tokens", type=int, default=512, metavar="N")
    form.add_argument("--fps", type=int, default=2, metavar="N")
    form.add_argument("--min-pixels", type=int, default=100 * 28 * 28, metavar="N", help="of a frame")
    form.add_argument("--max-pixels", type=int, default=768 * 28 * 28, metavar="N", help="of a frame")
    form.add_argument("--keep-query", action="store_true", help="write the query; the published training drops it")
    form.add_argument("--silence-weight", type=float, default=1.0, help="of staying silent, in the loss")
    form.add_argument("--onset-weight", type=float, default=1.0, help="of beginning to speak, in the loss")
    form.add_argument("--focal-gamma", type=float, default=0.0, help="focal loss on the decision to speak; 0: none")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Train; the figures. Raises UsageError for impossible options."""
    _check(args)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if int(os.environ.get("RANK", "0")):
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - until this process ends: only the first one prints
    from core.train.sft.build import SftRun, train
    from core.train.sft.sft_config import PixelBudget, PromptConfig, SftConfig

    given = vars(args) | {"form": args.prompt_form, "smallest": args.min_pixels, "largest": args.max_pixels}
    given["learning_rate"] = args.learning_rate or (LORA_RATE if args.lora else FULL_RATE)
    given["lora_rank"] = args.lora_rank if args.lora else 0
    given["device"] = args.device or _device()
    prompt, pixels, sft = (_made(kind, given) for kind in (PromptConfig, PixelBudget, SftConfig))
    own = {name: given[name] for name in ("data", "root", "model", "out", "resume", "stage2", "device")}
    return {"figures": train(SftRun(prompt=prompt, pixels=pixels, sft=sft, **own))}


def _check(args: argparse.Namespace) -> None:
    rules = {
        "--steps and --minutes must not be negative": args.steps >= 0 and args.minutes >= 0,
        "give --steps or --minutes, not both": not (args.steps and args.minutes),
        "--batch, --fps and --log-every must be at least 1": min(args.batch, args.fps, args.log_every) >= 1,
        "--lora-rank must be at least 1": args.lora_rank >= 1,
        "--pack-tokens, --workers and --keep-layers must not be negative": min(
            args.pack_tokens, args.workers, args.keep_layers
        )
        >= 0,
        "--save-minutes must not be negative": (args.save_minutes or 0) >= 0,
        "--sink-tokens and --text-window-tokens must not be negative": min(args.sink_tokens, args.text_window_tokens)
        >= 0,
        "--warmup must be in [0, 1)": 0 <= args.warmup < 1,
        "--min-pixels must not be above --max-pixels": 0 < args.min_pixels <= args.max_pixels,
    }
    for rule, held in rules.items():
        if not held:
            raise UsageError("Impossible option", rule)


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _made(kind: Any, given: dict[str, Any]) -> Any:
    return kind(**{field.name: given[field.name] for field in dataclasses.fields(kind) if field.name in given})
