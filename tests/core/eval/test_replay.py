"""A match replayed and judged: first by who knows the truth, then by the real engine."""

import argparse
import json

import numpy as np
import pytest

from core.errors import UsageError
from core.eval import command
from core.eval.metrics import f1, score_right, team_right
from core.eval.replay import Showing, direct, judge, watch
from core.messages import Line
from core.programmes.football.programme import FootballEpisode

SEED = 100_000


class Commentator:
    """A host that knows the match: says the truth, `late` rounds late."""

    def __init__(self, seed, late=0):
        self.arena = FootballEpisode(seed)
        self.late = late

    def step(self, chunk):
        text = self.arena.line(chunk.start - self.late) if chunk.index >= self.late else ""
        yield Line(chunk.index, chunk.start, chunk.end, text, 0.0, 0.0)


def test_the_truth_is_judged_right():
    showing = direct(SEED, 40, 2.0, scoreboard=False)
    counts = judge(showing, watch(Commentator(SEED), showing.chunks))["all"]
    assert counts.hits > 3
    assert f1(counts) == 1.0
    assert team_right(counts) == 1.0
    assert score_right(counts) == 1.0


def test_a_round_late_is_often_right_and_four_never():
    # a line ends 0.6 to 1.6 s after its event at best, and 2 s are allowed
    showing = direct(SEED, 40, 2.0, scoreboard=False)
    assert 0.3 < f1(judge(showing, watch(Commentator(SEED, 1), showing.chunks))["all"]) < 1
    showing = direct(SEED, 40, 2.0, scoreboard=False)
    assert f1(judge(showing, watch(Commentator(SEED, 4), showing.chunks))["all"]) < 0.5


def test_direct_chunks_are_seconds_of_the_match():
    chunk = list(direct(SEED, 2, 2.0, scoreboard=True).chunks)[1]
    assert (chunk.index, chunk.start, chunk.end, np.shape(chunk.frames)) == (1, 1.0, 2.0, (2, 720, 1280, 3))
    assert np.array_equal(chunk.frames[1], FootballEpisode(SEED).frame(1.5))


def options(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(["arena", *words])


def test_seeds_that_were_trained_on_are_refused(capsys):
    with pytest.raises(SystemExit):
        options("--seeds", "5-7")
    assert "trained on" in capsys.readouterr().err


def test_a_screen_needs_the_application():
    with pytest.raises(UsageError, match="No screen"):
        command.run(options("--via", "screen"))


def test_the_application_can_bring_its_own_chunks(tiny_checkpoint, capsys):
    def still(args, seed):
        showing = direct(seed, 2, 2.0, scoreboard=False)
        return Showing(seed, showing.fixture, showing.chunks, match_start_s=lambda: 0.5)

    words = ("--seeds", f"{SEED}-{SEED + 1}", "--via", "screen", "--model", str(tiny_checkpoint), "--device", "cpu")
    result = command.run(options(*words), still)
    assert set(result["figures"]["event_f1"]) == {"value", "unit", "low", "high", "goal", "better"}
    assert "throw-in" in capsys.readouterr().err
    json.dumps(result)


def test_repeats_left_out_are_seen_in_the_figures(tiny_checkpoint):
    words = ("--seeds", str(SEED), "--seconds", "3", "--model", str(tiny_checkpoint), "--device", "cpu")
    tokens = {}
    for steps in ("0", "8"):
        figures = command.run(options(*words, "--drop-repeats", steps))["figures"]
        assert figures["chunk_compute"]["value"] > 0
        tokens[steps] = figures["picture_tokens_a_chunk"]["value"]
    assert 0 < tokens["8"] < tokens["0"]
