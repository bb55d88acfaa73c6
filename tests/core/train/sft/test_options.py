"""Options that make no sense get one line and status 2, before anything heavy is loaded."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from core.errors import CourtsideError, UsageError
from core.train.sft import options


def run(*words: str, data: str = "a.jsonl") -> None:
    parser = argparse.ArgumentParser()
    options.add_arguments(parser)
    options.run(parser.parse_args(["--data", data, "--root", ".", "--model", "m", "--out", "o", *words]))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--steps=2", "--minutes=1"], "not both"),
        (["--steps=-1"], "must not be negative"),
        (["--batch=0"], "at least 1"),
        (["--lora", "--lora-rank=0"], "--lora-rank"),
        (["--pack-tokens=-1"], "--pack-tokens"),
        (["--save-minutes=-1"], "--save-minutes"),
        (["--sink-tokens=-1"], "--sink-tokens"),
        (["--warmup=1"], "--warmup"),
        (["--min-pixels=5000", "--max-pixels=100"], "--min-pixels"),
    ],
)
def test_what_makes_no_sense_is_named(words: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run(*words)


def test_data_that_is_not_there_is_named() -> None:
    with pytest.raises(CourtsideError, match=r"a\.jsonl does not exist"):
        run("--device=cpu")


def test_a_root_that_is_not_there_is_named(data: Path) -> None:
    with pytest.raises(UsageError, match="no directory"):
        run("--device=cpu", "--root=nowhere", data=str(data / "train_with_seeks.jsonl"))
