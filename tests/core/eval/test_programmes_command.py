"""`courtside eval programmes`: its options, and figures from the real engine."""

import argparse
import json

import pytest

from core.errors import UsageError
from core.eval import programmes_command
from core.eval.episode_stream import direct_stream
from core.programmes.catalogue import NAMES, find

SEED = 100_000


def options(*words):
    parser = argparse.ArgumentParser()
    programmes_command.add_arguments(parser)
    return parser.parse_args(list(words))


def test_seeds_that_were_trained_on_are_refused(capsys):
    with pytest.raises(SystemExit):
        options("--seeds", "5-7")
    assert "trained on" in capsys.readouterr().err


def test_a_screen_needs_the_application():
    with pytest.raises(UsageError, match="No screen"):
        programmes_command.run(options("--via", "screen"))


def test_a_wrong_setting_is_an_error_not_a_programme_left_out(capsys):
    with pytest.raises(UsageError, match=r"mode is '.*', and must be one of"):
        programmes_command.run(options("--mode", "backwards", "--seconds", "1", "--seeds", str(SEED)))
    assert "left out" not in capsys.readouterr().err


def test_the_application_can_bring_its_own_streams(tiny_checkpoint, capsys):
    asked = []

    def still(args, name, seed):
        asked.append((name, seed))
        return direct_stream(find(name), seed, 2, 2.0, scoreboard=False)

    words = ("--seeds", f"{SEED}-{SEED + 1}", "--via", "screen", "--model", str(tiny_checkpoint), "--device", "cpu")
    result = programmes_command.run(options(*words, "--only", "football"), still)
    assert asked == [("football", SEED), ("football", SEED + 1)]
    assert set(result["figures"]["football_event_f1"]) == {"value", "unit", "low", "high", "goal", "better"}
    assert "throw-in" in capsys.readouterr().err
    json.dumps(result)


def test_every_programme_has_its_figures(tiny_checkpoint):
    words = ("--seeds", str(SEED), "--seconds", "1", "--model", str(tiny_checkpoint), "--device", "cpu")
    found = programmes_command.run(options(*words))["figures"]
    assert {"football_event_f1", "football_score_right", "football_who_right", "unknown_silent"} <= set(found)
    assert {name.split("_")[0] for name in found} <= set(NAMES)


def test_repeats_left_out_are_seen_in_the_figures(tiny_checkpoint):
    words = ("--only", "football", "--seeds", str(SEED), "--seconds", "3", "--model", str(tiny_checkpoint))
    tokens = {}
    for steps in ("0", "8"):
        found = programmes_command.run(options(*words, "--device", "cpu", "--drop-repeats", steps))["figures"]
        assert found["football_chunk_compute"]["value"] > 0
        tokens[steps] = found["football_picture_tokens_a_chunk"]["value"]
    assert 0 < tokens["8"] < tokens["0"]
