"""The training command from end to end, very small; and its arithmetic."""

import argparse
import json

import pytest
import torch

from core.errors import UsageError
from core.train import command
from core.train.checkpoint import load_state

SMALL = "--batch=2 --rounds=2 --tiny --device=cpu --workers=0 --no-compile --log-every=1".split()  # noqa: SIM905


def train(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(["arena", *words, *SMALL]))["figures"]


def test_three_steps_and_on_from_there(tmp_path, capsys):
    state = tmp_path / "state"
    figures = train("--out", str(tmp_path / "out"), "--state", str(state), "--steps", "3")
    assert figures["step"]["value"] == 3
    assert "loss=" in capsys.readouterr().err
    before = load_state(state)
    assert before["step"] == 3
    figures = train("--out", str(tmp_path / "out"), "--resume", str(state), "--steps", "5")
    assert figures["step"]["value"] == 5
    after = load_state(state)
    moments = after["master"]["optimiser"]["state"][0]
    assert float(moments["step"]) == 5.0
    assert not torch.equal(before["master"]["weights"][0], after["master"]["weights"][0])
    assert json.loads((tmp_path / "out" / "config.json").read_text())["model_type"] == "qwen2_5_vl"


def test_a_budget_is_needed(tmp_path):
    with pytest.raises(UsageError, match="No budget"):
        train("--out", str(tmp_path))
