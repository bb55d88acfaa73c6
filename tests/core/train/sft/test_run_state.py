"""Which state is gone on from, and whose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import CheckpointError, UsageError
from core.train.sft import run_state


def state(folder: Path, step: int, whole: bool = True) -> Path:
    made = folder / "training" / f"step-{step:09d}"
    made.mkdir(parents=True)
    if whole:
        (made / "progress.json").write_text(json.dumps({"run": {"seed": 0, "batch": 2}}))
    return made


def test_the_newest_whole_state_counts(tmp_path: Path) -> None:
    state(tmp_path, 9)
    newest = state(tmp_path, 10)
    state(tmp_path, 11, whole=False)
    assert run_state.newest(tmp_path) == newest == run_state.newest(tmp_path / "training")
    run_state.remove(tmp_path)
    assert run_state.newest(tmp_path) is None


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no training state"):
        run_state.newest(tmp_path)


def test_settings_that_differ_are_named(tmp_path: Path) -> None:
    saved = state(tmp_path, 1)
    run_state.require_same_run(saved, {"seed": 0, "batch": 2})
    with pytest.raises(UsageError, match="batch 2, not 4"):
        run_state.require_same_run(saved, {"seed": 0, "batch": 4})
    (saved / "progress.json").write_text("{")
    with pytest.raises(CheckpointError, match="cannot be read"):
        run_state.read_progress(saved)
