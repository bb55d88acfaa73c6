"""`courtside train sft`: from options to a run, and the run to a checkpoint directory."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from typing import Any

import torch

from core.data.jsonl import SampleFile
from core.errors import DataError, UsageError
from core.model import hub
from core.model.config import ModelConfig
from core.prompt.special import load_tokenizer
from core.train.sft import run_state
from core.train.sft.clip_source import ClipSource, VideoClips
from core.train.sft.export import write_checkpoint, write_settings
from core.train.sft.flops import FlopCount
from core.train.sft.load_model import check_checkpoint, load_model, use_liger
from core.train.sft.memory_need import available_bytes, require_fits
from core.train.sft.reporting import Reporting
from core.train.sft.sample_dataset import SampleDataset
from core.train.sft.sft_config import PixelBudget, PromptConfig, SftConfig
from core.train.sft.sft_model import SftModel
from core.train.sft.sft_trainer import SftTrainer
from core.train.sft.sharding import Processes, shard

FREE = (
    *("steps", "minutes", "workers", "log_every", "save_minutes", "keep_state"),
    *("liger", "checkpointing", "keep_layers"),
)
"""Settings that a resumed run may change."""


@dataclass(frozen=True, slots=True)
class SftRun:
    """What to train on what.

    Attributes:
        data: files of samples. root: what their videos are relative to. model: a directory or a hub id.
        out: the checkpoint directory to make. resume: `out` of a run, or its folder of states; None: begin.
        stage2: take the annealing pieces beside `data`, in `fg/`.
        device: "cpu" or "cuda".
    """

    data: Sequence[Path]
    root: Path
    model: str
    out: Path
    resume: Path | None
    stage2: bool
    device: str
    prompt: PromptConfig
    pixels: PixelBudget
    sft: SftConfig


def train(run: SftRun) -> dict[str, Any]:
    """Train and write the checkpoint. Returns the figures; {} on every process but the first."""
    files = [SampleFile(annealing_file(path) if run.stage2 else path) for path in run.data]
    if not sum(map(len, files)):
        raise DataError("No samples", f"{', '.join(str(file.path) for file in files)} holds no line")
    if not run.root.is_dir():
        raise UsageError("No such folder", f"--root {run.root} is no directory")
    source = _checkpoint(run.model)
    config = check_checkpoint(source)
    us = Processes.join(run.device)
    try:
        return _train(run, files, VideoClips(run.root.resolve()), source, config, us)
    finally:
        us.leave()


def annealing_file(path: Path) -> Path:
    """The annealing pieces that `courtside data` wrote beside a file of chunks; one in `fg/` is its own."""
    if path.parent.name == "fg":
        return path
    return path.parent / "fg" / path.name.replace("_with_seeks", "_fg_with_seeks")


def _train(
    run: SftRun, files: Sequence[SampleFile], clips: ClipSource, source: Path, config: ModelConfig, us: Processes
) -> dict[str, Any]:
    sft = run.sft
    fingerprint = _fingerprint(run, files)
    state = run_state.newest(run.resume) if run.resume else None
    (run.out / run_state.STATES).mkdir(parents=True, exist_ok=True)
    if state:
        run_state.require_same_run(state, fingerprint)
    dtype = torch.bfloat16 if us.device.type == "cuda" else torch.float32
    require_fits(config, sft, us.count, available_bytes(us.device), dtype.itemsize)
    torch.manual_seed(sft.seed)
    model = _placed(load_model(source, config, sft, dtype), config, sft, dtype, us)
    tokenizer = load_tokenizer(source).to_str()
    dataset = SampleDataset(files, clips, tokenizer, config.vision, run.prompt, run.pixels)
    reporting = Reporting(run.out / run_state.STATES / "tensorboard", us.number == 0)
    trainer = SftTrainer(sft, model, FlopCount.of(config, sft), dataset, us, reporting.log)
    if state:
        run_state.load(state, model, trainer.optimiser, us)
        trainer.resume(run_state.read_progress(state))

    def save() -> None:
        progress = trainer.progress_to_save() | {"run": fingerprint}
        run_state.save(run.out, trainer.step, model, trainer.optimiser, progress, us)

    try:
        with _stop_signals(trainer):
            trainer.run(reporting.report, save)
        if sft.keep_state or not trainer.finished():
            save()
        elif us.number == 0:
            run_state.remove(run.out)
    finally:
        reporting.close()
    write_checkpoint(run.out, source, model, config, us.number == 0)
    if us.number:
        return {}
    write_settings(run.out, source, run.prompt, run.pixels)
    return reporting.figures()


def _placed(model: SftModel, config: ModelConfig, sft: SftConfig, dtype: torch.dtype, us: Processes) -> SftModel:
    """The model on the device, spread over the processes."""
    if us.device.type == "cuda" and sft.liger:
        use_liger(model)
    model.to(us.device)
    if us.grouped:
        layers: Any = model.decoder.layers
        # the vision tower is called once for each sample, of which processes have different numbers
        shard(model, dtype, layers, () if sft.train_vision else model.vision.parameters())
    return model


def _checkpoint(name: str) -> Path:
    """The directory of `--model`, fetched from the hub where it is not here. Raises CheckpointError."""
    place = hub.parse(name)
    return place if isinstance(place, Path) else hub.fetch(place, lambda _: None, Event())


def _fingerprint(run: SftRun, files: Sequence[SampleFile]) -> dict[str, Any]:
    """What must be the same when a run is resumed."""
    sft = asdict(run.sft)
    kept = {name: value for name, value in sft.items() if name not in FREE}
    data = {"data": [[file.path.name, len(file), file.path.stat().st_size] for file in files]}
    return {"model": run.model, **data, **kept, **asdict(run.prompt), **asdict(run.pixels)}


@contextmanager
def _stop_signals(trainer: SftTrainer) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the run after the update that is being made."""

    def stop(*_: object) -> None:
        trainer.stopped = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
