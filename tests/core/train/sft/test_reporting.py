"""Reports in the three places they go to."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pytest

from core.train.sft.reporting import Reporting
from core.train.sft.sft_trainer import Report

REPORT = Report(3, 1.25, 1e-5, 0.5, 2000.0, 0.1, 0.41, 0.013, 60e9, 2, 1.5)


def test_a_report_is_said_and_becomes_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reporting = Reporting(tmp_path, writes=True)
    reporting.report(REPORT)
    reporting.close()
    line = capsys.readouterr().err
    assert line.startswith("step 3  loss 1.2500  ")
    assert "2,000 tokens/s  MFU 41.0%  waits 1.3%  memory 60.0 GB  left out 2" in line
    figures = reporting.figures()
    assert figures["mfu"] == {
        "value": 0.41,
        "unit": "share",
        "low": None,
        "high": None,
        "goal": 0.4,
        "better": "higher",
    }
    assert figures["memory"]["value"] == 60.0


def test_what_a_device_does_not_tell_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reporting = Reporting(tmp_path, writes=False)
    assert reporting.figures() == {}
    reporting.report(replace(REPORT, mfu=None))
    assert "mfu" not in reporting.figures()
    assert capsys.readouterr().err == ""


def test_tensorboard_reads_the_curves(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    reporting = Reporting(tmp_path, writes=True)
    reporting.report(REPORT)
    reporting.close()
    events = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")
    curves = events.EventAccumulator(str(tmp_path)).Reload()
    assert [(event.step, event.value) for event in curves.Scalars("train/loss")] == [(3, 1.25)]
