"""One default for each number; unknown names and impossible values are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.config import SamplingConfig, StreamConfig, adjusted, resolve
from core.errors import CheckpointError, UsageError


def test_the_settings_of_a_checkpoint_elsewhere_count_too(tmp_path: Path) -> None:
    (tmp_path / "courtside.json").write_text(json.dumps({"fps": 4}))
    assert resolve({"model": "owner/model"}, tmp_path).fps == 4


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('{"fps": "fast"}', "fps is 'fast', and must be a number"),
        ("[1]", "an object"),
        ('{"fps": -1}', "fps is -1"),
        ('{"fps": true}', "fps is True"),
        ('{"colour": "red"}', "colour"),
        ('{"size": 252}', "size is 252"),
    ],
)
def test_a_checkpoint_whose_settings_make_no_sense_is_named(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "courtside.json").write_text(written)
    with pytest.raises(CheckpointError, match=rf"courtside\.json.*{told}"):
        resolve({"model": str(tmp_path)})


def test_what_is_given_beats_the_checkpoint_and_the_checkpoint_beats_the_default(tmp_path: Path) -> None:
    (tmp_path / "courtside.json").write_text(json.dumps({"fps": 4, "greedy": True, "size": [252, 140]}))
    config = resolve({"model": str(tmp_path), "fps": 1.0, "sink_tokens": None})
    assert (config.fps, config.sampling.greedy, config.size) == (1.0, True, (252, 140))
    assert config.cache.sink_tokens == 512


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"fps": 0.0}, "fps"),
        ({"fps": 1.5}, "whole number of frames"),
        ({"mode": "magic"}, "mode"),
        ({"text_rounds": 0}, "text_rounds"),
        ({"vision_window_s": 0.5}, "vision_window_s"),
        ({"temperature": 0.0}, "temperature"),
        ({"top_p": 1.5}, "top_p"),
        ({"min_words": 5, "max_words": 3}, "min_words"),
        ({"silence_threshold": 2.0}, "silence_threshold"),
        ({"drop_repeats": -1.0}, "drop_repeats"),
        ({"drop_repeats": float("nan")}, "drop_repeats"),
        ({"attention": "fast"}, "attention is 'fast', and must be one of auto, triton"),
        ({"greedy": 1}, "greedy is 1, and must be true or false"),
        ({"max_words": 2.5}, "max_words is 2.5, and must be a whole number or left out"),
        ({"bad_words": ["so", 3]}, "bad_words is .* a list .a text, ...."),
        ({"size": (640,)}, "size is .* a list .a whole number, a whole number. or one of native, auto"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, given: dict[str, object], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        resolve({"model": str(tmp_path), **given})


def test_garbage_in_the_checkpoints_settings_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "courtside.json").write_text("{fps")
    with pytest.raises(CheckpointError, match=r"courtside\.json"):
        resolve({"model": str(tmp_path)})


def test_a_greedy_stream_has_no_guard_unless_asked() -> None:
    assert StreamConfig().loop_repeats() == 5
    assert resolve({"model": "none", "greedy": True}).loop_repeats() == 0
    assert resolve({"model": "none", "greedy": True, "guard_repeats": 4}).loop_repeats() == 4


def test_live_changes_are_checked() -> None:
    assert adjusted(SamplingConfig(), {"temperature": 0.5}).temperature == 0.5
    with pytest.raises(UsageError, match="temperature"):
        adjusted(SamplingConfig(), {"temperature": 0.0})
    with pytest.raises(UsageError, match="loudness"):
        adjusted(SamplingConfig(), {"loudness": 1})
