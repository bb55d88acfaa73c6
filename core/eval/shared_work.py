"""Parts of an evaluation shared between processes of this machine, or one a GPU under `accelerate launch`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.eval.results_folder import ResultsFolder


def do_parts(
    folder: ResultsFolder, names: Iterable[str], do: Callable[[str], Mapping[str, Any]], wait: bool = True
) -> None:
    """Do the parts that nobody has done, and keep what they give.

    Args:
        wait: for parts that other processes are at, to do them where they fail; False: leave those alone.
    """
    names = list(names)
    for waits in (False, True) if wait else (False,):
        for name in names:
            if folder.load(name) is not None:
                continue
            with folder.claimed(name, wait=waits) as mine:
                if mine and folder.load(name) is None:
                    folder.save(name, do(name))


def several_processes() -> bool:
    """Whether a launcher has started more processes than this one."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def share(work: Callable[[str, bool], None], device: str) -> None:
    """Work as one of the processes that `accelerate launch` or `torchrun` has started; alone where there are none.

    The first process comes back when all parts are done. The others do what they can and end here, without a word.

    Args:
        work: gets this process's device ("" for the one asked for), and whether to wait for the others.
        device: as asked for; "cpu" keeps GPUs out of it.
    """
    if not several_processes():
        work("", True)
        return
    from core.train.sft.sharding import Processes

    us = Processes.join("cpu" if device == "cpu" else "auto")
    try:
        work(str(us.device), us.number == 0)
    finally:
        us.leave()
    if us.number:
        raise SystemExit(0)
