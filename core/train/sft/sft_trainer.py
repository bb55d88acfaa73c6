"""The loop of fine-tuning: updates, figures, states to resume from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from core.errors import DataError
from core.train.sft.data_order import DataOrder
from core.train.sft.encoded_sample import EncodedSample
from core.train.sft.flops import FlopCount, peak_rate
from core.train.sft.memory_need import out_of_memory
from core.train.sft.pack import Pack, packed
from core.train.sft.sample_dataset import Fault, SampleDataset
from core.train.sft.sft_config import SftConfig
from core.train.sft.sft_model import SftModel
from core.train.sft.sharding import Processes, local

Write = Callable[[str], None]
PREFETCH_SAMPLES = 4  # samples each worker keeps ready
SAVING_SHARE = 0.02  # of the time


@dataclass(slots=True)
class Counters:
    """What was done since the run began; sums over all processes but for the times.

    Attributes:
        weight: of the answer tokens in the loss. flops: see `FlopCount`. waited_s: for samples.
        faults: numbers of the samples that could not be used, on this process.
    """

    samples: float = 0.0
    tokens: float = 0.0
    flops: float = 0.0
    trained_s: float = 0.0
    waited_s: float = 0.0
    skipped: float = 0.0
    faults: set[int] = field(default_factory=set)


class _Saving:
    """When to write a state: every so many minutes, or so often that it takes SAVING_SHARE of the time."""

    def __init__(self, save: Callable[[], None], minutes: float | None) -> None:
        self._save = save
        self._wait_s = 60 * minutes if minutes is not None else 0.0
        self._fixed = minutes is not None
        self._saved = time.monotonic()

    def due(self) -> bool:
        return time.monotonic() - self._saved >= self._wait_s

    def save(self) -> None:
        begun = time.monotonic()
        self._save()
        self._saved = time.monotonic()
        if not self._fixed:
            self._wait_s = (self._saved - begun) / SAVING_SHARE


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of the updates since the last report, and of the whole run."""

    step: int
    loss: float
    learning_rate: float
    grad_norm: float
    tokens_per_s: float
    samples_per_s: float
    mfu: float | None
    data_wait: float
    memory_bytes: float
    skipped: int
    trained_min: float


class SftTrainer:
    """One run, or a part of one.

    Attributes:
        step: updates made since the run began, resumed parts included. steps: the budget; 0: minutes are.
        stopped: set from outside: finish this update, then leave.
    """

    def __init__(
        self,
        config: SftConfig,
        model: SftModel,
        flops: FlopCount,
        dataset: SampleDataset,
        us: Processes,
        log: Write,
    ) -> None:
        self.config = config
        self.model = model
        self._flops = flops
        self._dataset = dataset
        self._us = us
        self._log = log
        self.steps = 0 if config.minutes else config.steps or -(-len(dataset) // config.batch)
        self.step = 0
        self.counters = Counters()
        self.stopped = False
        self._parameters = [p for p in model.parameters() if p.requires_grad]
        fused = us.device.type == "cuda"
        self.optimiser = torch.optim.AdamW(
            self._parameters, config.learning_rate, weight_decay=config.weight_decay, fused=fused
        )
        self._spare: Pack | None = None

    def run(self, report: Callable[[Report], None], save: Callable[[], None]) -> None:
        """Train until the budget is spent or `stopped` is set. Raises DataError when no sample can be used."""
        saving = _Saving(save, self.config.save_minutes)
        mark = self._mark()
        losses: list[Tensor] = []
        loader = iter(self._loader())
        try:
            while not self.finished() and not self._us.any(self.stopped)[0]:
                begun = time.perf_counter()
                loss, norm = self._update(loader)
                losses.append(loss)
                if self._us.device.type == "cuda":
                    torch.cuda.synchronize()
                self.counters.trained_s += time.perf_counter() - begun
                self.step += 1
                if self.step % self.config.log_every == 0 or self.finished():
                    report(self._report(losses, norm, mark))
                    mark = self._mark()
                    losses = []
                if not self.finished() and self._us.any(saving.due())[0]:
                    saving.save()
        except torch.OutOfMemoryError as error:
            raise out_of_memory(self.config) from error
        finally:
            del loader  # ends its processes
        if losses:
            report(self._report(losses, norm, mark))

    def finished(self) -> bool:
        """Whether the budget is spent."""
        return self._progress() >= 1

    def _progress(self) -> float:
        """The same on all processes."""
        return self.config.progress(self.step, self._slowest(self.counters.trained_s), self.steps)

    def _slowest(self, seconds: float) -> float:
        """The mean over the processes, which wait for each other anyway."""
        return self._us.total([seconds])[0] / self._us.count if self.config.minutes else seconds

    def _loader(self) -> DataLoader[EncodedSample | Fault]:
        order = DataOrder(
            len(self._dataset), self.config.batch, self.config.seed, self.step, self.steps, self._us.number,
            self._us.count,
        )  # fmt: skip
        workers = self.config.workers
        return DataLoader(
            self._dataset,
            batch_size=None,
            sampler=order,  # type: ignore[arg-type]  # anything that can be iterated
            num_workers=workers,
            prefetch_factor=PREFETCH_SAMPLES if workers else None,
            multiprocessing_context="forkserver" if workers else None,
        )

    def _update(self, loader: Iterator[EncodedSample | Fault]) -> tuple[Tensor, Tensor]:
        """One update. Returns the mean loss over all processes and the gradient's norm before clipping, ()."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.config.learning_rate_at(self._progress(), 1 / self.steps if self.steps else 0.0)
        total = torch.zeros((), device=self._us.device)
        weight = 0.0
        for pack in self._packs(loader):
            loss = self.model(pack)
            loss.backward()
            total += loss.detach()
            weight += float(pack.weight.sum())
        sums = self._us.total([weight, float(total)])
        if not sums[0]:
            self.optimiser.zero_grad(set_to_none=True)
            return torch.zeros(()), torch.zeros(())
        norm = self._clip(self._us.count / sums[0])
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        return torch.tensor(sums[1] / sums[0]), norm

    def _clip(self, scale: float) -> Tensor:
        """Make the summed gradients a mean, no longer than `clip`. Returns its norm before."""
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        for gradient in gradients:
            gradient.mul_(scale)
        norm = torch.nn.utils.get_total_norm(gradients)
        torch.nn.utils.clip_grads_with_norm_(self._parameters, self.config.clip, norm)
        return local(norm)

    def _packs(self, loader: Iterator[EncodedSample | Fault]) -> Iterator[Pack]:
        """This process's packs of an update, on the device; as many as the others have."""
        own = packed(self._usable(loader), self.config.pack_tokens)
        while True:
            waited = time.perf_counter()
            pack = next(own, None)
            self.counters.waited_s += time.perf_counter() - waited
            if self._us.count > 1 and not self._us.any(pack is not None)[0]:
                return
            if pack is None:
                if self._us.count == 1 or self._spare is None:
                    return
                yield self._spare
                continue
            self._count(pack)
            pack = pack.to(self._us.device)
            if self._us.count > 1:
                self._spare = pack.without_weight()
            yield pack

    def _usable(self, loader: Iterator[EncodedSample | Fault]) -> Iterator[EncodedSample]:
        """The samples of an update, without those that cannot be used; these are told of once and counted."""
        order = DataOrder(0, self.config.batch, 0, process=self._us.number, processes=self._us.count)
        for sample in islice(loader, order.per_step()):
            if isinstance(sample, EncodedSample):
                yield sample
                continue
            self.counters.skipped += 1
            if sample.sample not in self.counters.faults:
                self.counters.faults.add(sample.sample)
                self._log(f"left out: {sample.reason}")
            if len(self.counters.faults) == len(self._dataset):
                raise DataError(
                    "No usable sample", f"none of {len(self._dataset)} samples can be used; {sample.reason}"
                )

    def _count(self, pack: Pack) -> None:
        self.counters.samples += len(pack.lengths)
        self.counters.tokens += sum(pack.lengths)
        self.counters.flops += self._flops.pack(pack)

    def _mark(self) -> tuple[float, ...]:
        counters = self.counters
        return counters.trained_s, counters.tokens, counters.samples, counters.flops, counters.waited_s

    def _report(self, losses: list[Tensor], norm: Tensor, mark: tuple[float, ...]) -> Report:
        seconds, *mine = (now - before for now, before in zip(self._mark(), mark, strict=True))
        tokens, samples, flops, waited, skipped = self._us.total([*mine, self.counters.skipped])
        peak = peak_rate(torch.cuda.get_device_name(self._us.device)) if self._us.device.type == "cuda" else None
        return Report(
            step=self.step,
            loss=float(torch.stack(losses).mean()),
            learning_rate=float(self.optimiser.param_groups[0]["lr"]),
            grad_norm=float(norm),
            tokens_per_s=tokens / seconds,
            samples_per_s=samples / seconds,
            mfu=flops / seconds / self._us.count / peak if peak else None,
            data_wait=waited / seconds / self._us.count,
            memory_bytes=_peak_memory(self._us.device),
            skipped=round(skipped),
            trained_min=self.counters.trained_s / 60,
        )

    def progress_to_save(self) -> dict[str, Any]:
        """For `resume`."""
        counters = self.counters
        return {"step": self.step, "trained_s": counters.trained_s, "skipped": counters.skipped}

    def resume(self, progress: dict[str, Any]) -> None:
        """Go on from what `progress_to_save` gave; weights and optimiser are loaded apart."""
        self.step = progress["step"]
        self.counters.trained_s = progress["trained_s"]
        self.counters.skipped = progress["skipped"]


def _peak_memory(device: torch.device) -> float:
    """Bytes that this process had at most."""
    if device.type == "cuda":
        return float(torch.cuda.max_memory_allocated(device))
    import resource

    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
