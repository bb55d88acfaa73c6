"""The processes of one evaluation, as `accelerate launch` or `torchrun` started them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

Item = TypeVar("Item")
WAIT = timedelta(days=7)
"""Games differ in length, and a process that is done waits for the others."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """This process among the others.

    Attributes:
        number: from 0; 0 judges, reports and prints. count: of all.
    """

    number: int = 0
    count: int = 1

    @classmethod
    def join(cls) -> Ranks:
        """Meet the others, where there are any; stdout is then the first one's alone."""
        count = int(os.environ.get("WORLD_SIZE", "1"))
        if count == 1:
            return cls()
        from accelerate import PartialState

        state = PartialState(cpu=True, timeout=WAIT)
        if state.process_index:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - until this process ends
        return cls(state.process_index, state.num_processes)

    @property
    def first(self) -> bool:
        """Whether this one judges and reports."""
        return self.number == 0

    def share(self, items: Sequence[Item]) -> list[Item]:
        """Those of the items that are this process's work."""
        return list(items[self.number :: self.count])

    def device(self, wanted: str) -> str:
        """A device of its own for each process on one machine: cuda:LOCAL_RANK, unless another one is named."""
        local = os.environ.get("LOCAL_RANK")
        if self.count == 1 or local is None or wanted not in ("auto", "cuda"):
            return wanted
        import torch

        devices = torch.cuda.device_count()
        return f"cuda:{int(local) % devices}" if devices else wanted

    def wait(self) -> None:
        """Until every process is here."""
        if self.count > 1:
            from accelerate import PartialState

            PartialState().wait_for_everyone()
