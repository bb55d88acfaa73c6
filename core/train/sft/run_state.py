"""What a run needs to go on exactly where it was saved: weights that learn, optimiser, progress, random state."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.checkpoint.state_dict import StateDictOptions, get_state_dict, set_state_dict

from core.errors import CheckpointError, UsageError
from core.train.sft.sharding import Processes

STATES = "training"
PROGRESS = "progress.json"
_PREFIX = "step-"
_OPTIONS = StateDictOptions(ignore_frozen_params=True, strict=False)


def newest(directory: Path) -> Path | None:
    """The newest whole state below `directory`, a run's `--out` or its folder of states; None for a run that ended
    before it saved one. Raises CheckpointError where no run was."""
    for folder in (directory / STATES, directory):
        found = [path for path in folder.glob(f"{_PREFIX}*") if (path / PROGRESS).is_file() and not path.suffix]
        if found:
            return max(found)
    if (directory / STATES).is_dir():
        return None
    raise CheckpointError("Nothing to resume", f"{directory} has no training state; leave out --resume to begin")


def read_progress(state: Path) -> dict[str, Any]:
    """What `save` was given, without loading any weight. Raises CheckpointError."""
    try:
        progress: dict[str, Any] = json.loads((state / PROGRESS).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError("Damaged training state", f"{state / PROGRESS} cannot be read ({error})") from error
    return progress


def require_same_run(state: Path, run: Mapping[str, Any]) -> None:
    """Raises UsageError naming the first setting that differs from the run that was saved."""
    before = read_progress(state)["run"]
    for name, value in run.items():
        if before.get(name) != value:
            raise UsageError(
                "Another run", f"{state} was saved with {name} {before.get(name)}, not {value}; give the same to go on"
            )


def save(
    out: Path, step: int, model: nn.Module, optimiser: torch.optim.Optimizer, progress: dict[str, Any], us: Processes
) -> None:
    """Write a state whole or not at all, then remove the older ones."""
    final = out / STATES / f"{_PREFIX}{step:09d}"
    part = final.with_suffix(".part")
    if us.number == 0:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    us.state.wait_for_everyone()
    with _alone_is_no_warning():
        dcp.save(_state(model, optimiser), checkpoint_id=part / "weights", no_dist=not us.grouped)
    torch.save(_random_state(us), part / f"random-{us.number}.pt")
    us.state.wait_for_everyone()
    if us.number == 0:
        (part / PROGRESS).write_text(json.dumps(progress, indent=2) + "\n", "utf-8")
        shutil.rmtree(final, ignore_errors=True)
        os.replace(part, final)
        for old in final.parent.glob(f"{_PREFIX}*"):
            if old != final:
                shutil.rmtree(old, ignore_errors=True)
    us.state.wait_for_everyone()


def remove(out: Path) -> None:
    """Remove all states."""
    for state in (out / STATES).glob(f"{_PREFIX}*"):
        shutil.rmtree(state, ignore_errors=True)


def load(state: Path, model: nn.Module, optimiser: torch.optim.Optimizer, us: Processes) -> None:
    """Fill model, optimiser and random state. Raises CheckpointError for a state that cannot be read."""
    found = _state(model, optimiser)
    try:
        with _alone_is_no_warning():
            dcp.load(found, checkpoint_id=state / "weights", no_dist=not us.grouped)
    except (OSError, ValueError, RuntimeError, KeyError, dcp.api.CheckpointException) as error:
        raise CheckpointError("Damaged training state", f"{state} cannot be read ({error})") from error
    set_state_dict(
        model, optimiser, model_state_dict=found["model"], optim_state_dict=found["optimiser"], options=_OPTIONS
    )
    random = torch.load(state / f"random-{us.number}.pt", map_location="cpu", weights_only=True)
    torch.set_rng_state(random["cpu"])
    if us.device.type == "cuda":
        torch.cuda.set_rng_state(random["cuda"], us.device)


@contextmanager
def _alone_is_no_warning() -> Iterator[None]:
    """PyTorch warns of a single process even where it is told that there is one."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="torch.distributed is disabled", category=UserWarning)
        yield


def _state(model: nn.Module, optimiser: torch.optim.Optimizer) -> dict[str, Any]:
    weights, moments = get_state_dict(model, optimiser, options=_OPTIONS)
    return {"model": weights, "optimiser": moments}


def _random_state(us: Processes) -> dict[str, torch.Tensor]:
    state = {"cpu": torch.get_rng_state()}
    if us.device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(us.device)
    return state
