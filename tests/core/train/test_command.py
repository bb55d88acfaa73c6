"""The training command from end to end, very small; and its arithmetic."""

import argparse
import json

import pytest
import torch

from core.errors import UsageError
from core.train import command
from core.train.checkpoint import load_state
from core.train.tokenizer import SPECIAL, train_tokenizer
from core.train.train_config import TrainConfig

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


def test_the_rate_warms_up_and_ends_at_zero_with_the_budget():
    by_steps = TrainConfig(steps=1000, warmup=100, peak=1.0)
    assert by_steps.learning_rate(0, 0.0) == pytest.approx(0.01, rel=0.01)
    assert max(by_steps.learning_rate(step, 0.0) for step in range(1000)) <= 1.0
    assert by_steps.learning_rate(1000, 0.0) == pytest.approx(0.0)
    by_time = TrainConfig(minutes=10, warmup=0, peak=1.0)
    assert by_time.learning_rate(5, 300.0) == pytest.approx(0.5)
    assert by_time.progress(5, 601.0) == 1.0


def test_the_tokenizer_knows_the_format(tokenizer):
    assert all(tokenizer.token_to_id(name) is not None for name in SPECIAL)
    assert tokenizer.encode(" ...").tokens == ["Ġ..."]
    assert tokenizer.encode("12.0").tokens == ["1", "2", ".", "0"]
    text = "Zoë's café: 3-1 ☂"
    assert tokenizer.decode(tokenizer.encode(text).ids) == text


def test_the_same_corpus_gives_the_same_tokenizer():
    corpus = [" Goal for Harbour! ..."] * 5
    assert train_tokenizer(corpus).to_str() == train_tokenizer(corpus).to_str()
