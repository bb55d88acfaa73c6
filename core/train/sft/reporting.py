"""Where a run's figures go: a line for people, TensorBoard where it is installed, and the last JSON object."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.train.sft.sft_trainer import Report

GB = 1e9
UNITS = {
    "step": ("updates", "higher"),
    "loss": ("nats", "lower"),
    "tokens_per_s": ("1/s", "higher"),
    "samples_per_s": ("1/s", "higher"),
    "mfu": ("share", "higher"),
    "data_wait": ("share", "lower"),
    "memory": ("GB", "lower"),
    "skipped": ("samples", "lower"),
    "trained_min": ("min", "lower"),
}
GOALS = {"mfu": 0.4, "data_wait": 0.02}
"""On an H100-class GPU."""


class Reporting:
    """Attributes: last: the newest report; None before the first one."""

    def __init__(self, folder: Path, writes: bool) -> None:
        """`folder`: for TensorBoard. `writes`: False on processes that only compute."""
        self.last: Report | None = None
        self._writes = writes
        self._board: Any = None
        if writes and importlib.util.find_spec("tensorboard") is not None:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(str(folder))

    def log(self, text: str) -> None:
        """A line on stderr."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def report(self, report: Report) -> None:
        """Say and keep a report."""
        self.last = report
        if not self._writes:
            return
        self.log(_line(report))
        if self._board is not None:
            for name, value in asdict(report).items():
                if value is not None:
                    self._board.add_scalar(f"train/{name}", value, report.step)

    def close(self) -> None:
        """End TensorBoard's thread."""
        if self._board is not None:
            self._board.close()

    def figures(self) -> dict[str, Any]:
        """Of the last report, as `courtside train` prints them."""
        if self.last is None:
            return {}
        values = asdict(self.last)
        values["memory"] = values.pop("memory_bytes") / GB
        return {
            name: _figure(values[name], unit, better, GOALS.get(name))
            for name, (unit, better) in UNITS.items()
            if values[name] is not None
        }


def _figure(value: float, unit: str, better: str, goal: float | None) -> dict[str, Any]:
    return {"value": round(value, 6), "unit": unit, "low": None, "high": None, "goal": goal, "better": better}


def _line(report: Report) -> str:
    mfu = "" if report.mfu is None else f"  MFU {report.mfu:.1%}"
    skipped = f"  left out {report.skipped}" if report.skipped else ""
    return (
        f"step {report.step}  loss {report.loss:.4f}  lr {report.learning_rate:.2e}  norm {report.grad_norm:.3f}  "
        f"{report.tokens_per_s:,.0f} tokens/s{mfu}  waits {report.data_wait:.1%}  "
        f"memory {report.memory_bytes / GB:.1f} GB{skipped}  {report.trained_min:.1f} min"
    )
