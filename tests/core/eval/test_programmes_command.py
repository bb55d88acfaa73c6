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
    assert "corner" in capsys.readouterr().err
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


def test_results_are_kept_and_a_report_is_written(tiny_checkpoint, tmp_path, capsys):
    words = ("--only", "football", "--seconds", "3", "--model", str(tiny_checkpoint), "--device", "cpu")
    first = programmes_command.run(options(*words, "--seeds", str(SEED), "--out", str(tmp_path)))
    assert "football 100000: watched" in capsys.readouterr().err
    again = programmes_command.run(options(*words, "--seeds", f"{SEED}-{SEED + 1}", "--out", str(tmp_path)))
    said = capsys.readouterr().err
    assert "football 100000: watched" not in said
    assert "football 100001: watched" in said
    assert set(first["figures"]) == set(again["figures"])
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "football_event_f1" in page
    assert "courtside eval programmes --only football --seeds 100000-100001 --seconds 3" in page
    with pytest.raises(UsageError, match="of seconds 3, not 4"):
        programmes_command.run(options(*words, "--seconds", "4", "--out", str(tmp_path)))


def test_processes_share_the_episodes(tiny_checkpoint):
    words = ("--only", "football", "--seconds", "2", "--model", str(tiny_checkpoint), "--device", "cpu")
    seeds = ("--seeds", f"{SEED}-{SEED + 1}")
    alone, shared = (programmes_command.run(options(*words, *seeds, "--workers", n))["figures"] for n in ("1", "2"))
    assert alone["football_silence_kept"] == shared["football_silence_kept"]


def test_several_processes_need_a_folder_to_share(tiny_checkpoint, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UsageError, match="need --out"):
        programmes_command.run(options("--model", str(tiny_checkpoint)))
