"""The processes of a run, and the model spread over them (FSDP2)."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from accelerate import PartialState


@dataclass(frozen=True, slots=True)
class Processes:
    """This process among the others of the run, as `torchrun` or `accelerate launch` started them.

    Attributes:
        device: of this process. number: from 0; 0 reports and writes. count: of all.
    """

    device: torch.device
    number: int
    count: int
    state: PartialState

    @classmethod
    def join(cls, device: str) -> Processes:
        """Meet the others; on a GPU one process is a group, too, so that there is one way for a model to be kept."""
        from accelerate import PartialState

        if device == "cuda" and "LOCAL_RANK" not in os.environ:
            alone = {"RANK": "0", "LOCAL_RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1"}
            os.environ.update(alone, MASTER_PORT=str(_free_port()))
        state = PartialState(cpu=device == "cpu")
        return cls(state.device, state.process_index, state.num_processes, state)

    @property
    def grouped(self) -> bool:
        """Whether there is a process group."""
        return torch.distributed.is_initialized()

    def total(self, values: list[float]) -> list[float]:
        """The sums over all processes."""
        if self.count == 1:
            return values
        summed = torch.tensor(values, dtype=torch.float64, device=self.device)
        torch.distributed.all_reduce(summed)
        return [float(value) for value in summed.tolist()]

    def any(self, *flags: bool) -> list[bool]:
        """Of each flag, whether some process has it set."""
        return [bool(count) for count in self.total([float(flag) for flag in flags])]

    def leave(self) -> None:
        """Part from the others."""
        if self.grouped:
            self.state.destroy_process_group()


def shard(model: nn.Module, dtype: torch.dtype, blocks: Iterable[nn.Module], whole: Iterable[nn.Parameter]) -> None:
    """Keep of every weight one share on each process; they are gathered block by block, in `dtype`, when they are used.

    Gradients are summed in float32 (ZeRO-3; PyTorch's `fully_shard`).

    Args:
        blocks: modules that every process calls equally often, since the others wait at each call.
        whole: weights that are kept whole everywhere.
    """
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

    mesh = init_device_mesh(next(model.parameters()).device.type, (torch.distributed.get_world_size(),))
    policy = MixedPrecisionPolicy(param_dtype=dtype, reduce_dtype=torch.float32, cast_forward_inputs=False)
    for block in blocks:
        fully_shard(block, mesh=mesh, mp_policy=policy)
    fully_shard(model, mesh=mesh, mp_policy=policy, ignored_params=set(whole))


def local(tensor: Tensor) -> Tensor:
    """The whole of a tensor that may be spread, everywhere."""
    from torch.distributed.tensor import DTensor

    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
