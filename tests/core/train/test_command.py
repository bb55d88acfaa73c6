"""The training command from end to end, very small; and its arithmetic."""

import argparse
import json

import pytest
import torch
from tokenizers import Tokenizer

from core.errors import UsageError
from core.train import command
from core.train.checkpoint import load_state

SMALL = (
    "--mix=football=1,unknown=1 --rounds=2 --tiny --device=cpu --workers=0 --no-compile --log-every=1".split()  # noqa: SIM905
)


def train(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(["bundled", *SMALL, *words]))["figures"]


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


def test_it_goes_on_from_a_checkpoint_with_words_of_every_programme(exported, tmp_path):
    figures = train("--out", str(tmp_path / "out"), "--initial", str(exported), "--mix=desktop=1", "--steps", "1")
    assert figures["step"]["value"] == 1
    assert "desktop_silence" in figures
    grown = Tokenizer.from_file(str(tmp_path / "out" / "tokenizer.json"))
    assert grown.encode(" A serpentipede for the test run.", add_special_tokens=False).tokens[1] == "\u0120serpentipede"
    first = Tokenizer.from_file(str(exported / "tokenizer.json"))
    assert grown.encode("<|im_end|>").ids == first.encode("<|im_end|>").ids


def test_a_mix_that_is_none_is_refused(tmp_path):
    with pytest.raises(UsageError, match="No such mix"):
        train("--out", str(tmp_path), "--steps", "1", "--mix=handball=3")


def test_a_budget_is_needed(tmp_path):
    with pytest.raises(UsageError, match="No budget"):
        train("--out", str(tmp_path))
