"""Episodes watched and scored: first by who knows the truth, then by the real engine."""

import argparse
import json

import numpy as np
import pytest

from core.errors import UsageError
from core.eval import command
from core.eval.episode_stream import EvalStream, direct_stream, shifted_events
from core.eval.metrics import Counts, f1, facts_right, silence_kept, who_right
from core.eval.programmes import fact_key, figures, score, watch
from core.messages import Line
from core.programmes.catalogue import NAMES, find
from core.programmes.football.programme import FootballEpisode
from core.programmes.programme import Event, Mention, Programme

SEED = 100_000
FOOTBALL = find("football")


class Commentator:
    """A host that knows the match: says the truth, `late` rounds late."""

    def __init__(self, late=0):
        self.episode = FootballEpisode(SEED)
        self.late = late

    def step(self, chunk):
        text = self.episode.line(chunk.start - self.late) if chunk.index >= self.late else ""
        yield Line(chunk.index, chunk.start, chunk.end, text, 0.0, 0.0)


def scored(host, seconds=40):
    stream = direct_stream(FOOTBALL, SEED, seconds, 2.0, scoreboard=False)
    return score(FOOTBALL, stream, watch(host, stream.chunks))


def test_the_truth_is_scored_right():
    counts = scored(Commentator())
    everything = counts["all"]
    assert everything.hits > 3
    assert [figure(everything) for figure in (f1, who_right, facts_right, silence_kept)] == [1.0] * 4
    assert counts["fact score"].facts == everything.facts > 0
    assert sum(counts[kind].hits for kind in FOOTBALL.kinds) == everything.hits


def test_a_fact_may_have_the_name_of_a_kind():
    programme = Programme("game", ("weapon",), ("weapon",), FootballEpisode)
    events = (Event(0.2, "weapon", "axe", {"weapon": "axe"}), Event(1.2, "weapon", "bow", {"weapon": "bow"}))
    mentions = {"Axe!": [Mention("weapon", "axe")], "Bow!": [Mention("weapon", "bow", {"weapon": "bow"})]}
    lines = [Line(n, float(n), n + 1.0, text, 0.0, 0.0) for n, text in enumerate(mentions)]
    counts = score(programme, EvalStream("", (), lambda: events, mentions.__getitem__), lines)
    assert (counts["weapon"].hits, counts["weapon"].facts) == (2, 1)
    assert (counts["fact weapon"].facts, counts["fact weapon"].facts_right) == (1, 1)


def test_a_round_late_is_sometimes_right_and_two_never():
    # a line's round starts 0.6 s after its event to 0.4 s before it at best, and 1 s is allowed
    assert 0 < f1(scored(Commentator(1))["all"]) < 1
    assert f1(scored(Commentator(2))["all"]) == 0


def test_direct_chunks_are_seconds_of_the_episode():
    chunk = list(direct_stream(FOOTBALL, SEED, 2, 2.0, scoreboard=True).chunks)[1]
    assert (chunk.index, chunk.start, chunk.end, np.shape(chunk.frames)) == (1, 1.0, 2.0, (2, 720, 1280, 3))
    assert np.array_equal(chunk.frames[1], FootballEpisode(SEED).frame(1.5))


def test_events_are_told_in_seconds_since_the_stream_began():
    events = shifted_events(FootballEpisode(SEED), 7.3, 60.0)
    wanted = FootballEpisode(SEED).events(7.3, 60.0)
    assert [(round(e.time + 7.3, 6), e.kind, e.who) for e in events] == [(e.time, e.kind, e.who) for e in wanted]


def test_a_long_episode_has_its_figures_by_the_hour():
    lines = [Line(n, float(n), n + 1.0, "", 0.0, 0.0) for n in range(3601)]
    stream = EvalStream("", (), lambda: (), lambda text: ())
    names = figures(FOOTBALL, [score(FOOTBALL, stream, lines)], "direct")
    assert {"football_facts_right_hour_1", "football_facts_right_hour_2", "football_who_right_hour_2"} <= set(names)
    assert "football_facts_right_hour_3" not in names


def test_of_unknown_footage_only_silence_is_asked():
    episodes = [{"all": Counts(rounds=50, silent=49)}, {"all": Counts(rounds=50, silent=50)}]
    found = figures(find("unknown"), episodes, "direct")
    assert found["unknown_silent"]["value"] == 0.99
    assert found["unknown_silent"]["goal"] == 0.98
    assert not any("f1" in name for name in found)


def test_false_alarms_may_be_a_few_more_over_a_screen():
    goals = {via: figures(FOOTBALL, [score_of_nothing()], via) for via in ("direct", "screen")}
    name = "football_false_alarms_per_quiet_minute"
    assert (goals["direct"][name]["goal"], goals["screen"][name]["goal"]) == (0.1, 0.3)


def score_of_nothing():
    return dict.fromkeys(("all", *FOOTBALL.kinds, *map(fact_key, FOOTBALL.facts)), Counts())


def options(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(["programmes", *words])


def test_seeds_that_were_trained_on_are_refused(capsys):
    with pytest.raises(SystemExit):
        options("--seeds", "5-7")
    assert "trained on" in capsys.readouterr().err


def test_a_screen_needs_the_application():
    with pytest.raises(UsageError, match="No screen"):
        command.run(options("--via", "screen"))


def test_a_wrong_setting_is_an_error_not_a_programme_left_out(capsys):
    with pytest.raises(UsageError, match="mode must be one of"):
        command.run(options("--mode", "backwards", "--seconds", "1", "--seeds", str(SEED)))
    assert "left out" not in capsys.readouterr().err


def test_the_application_can_bring_its_own_streams(tiny_checkpoint, capsys):
    asked = []

    def still(args, name, seed):
        asked.append((name, seed))
        return direct_stream(find(name), seed, 2, 2.0, scoreboard=False)

    words = ("--seeds", f"{SEED}-{SEED + 1}", "--via", "screen", "--model", str(tiny_checkpoint), "--device", "cpu")
    result = command.run(options(*words, "--only", "football"), still)
    assert asked == [("football", SEED), ("football", SEED + 1)]
    assert set(result["figures"]["football_event_f1"]) == {"value", "unit", "low", "high", "goal", "better"}
    assert "throw-in" in capsys.readouterr().err
    json.dumps(result)


def test_every_programme_has_its_figures(tiny_checkpoint):
    words = ("--seeds", str(SEED), "--seconds", "1", "--model", str(tiny_checkpoint), "--device", "cpu")
    found = command.run(options(*words))["figures"]
    assert {"football_event_f1", "football_score_right", "football_who_right", "unknown_silent"} <= set(found)
    assert {name.split("_")[0] for name in found} <= set(NAMES)


def test_repeats_left_out_are_seen_in_the_figures(tiny_checkpoint):
    words = ("--only", "football", "--seeds", str(SEED), "--seconds", "3", "--model", str(tiny_checkpoint))
    tokens = {}
    for steps in ("0", "8"):
        found = command.run(options(*words, "--device", "cpu", "--drop-repeats", steps))["figures"]
        assert found["football_chunk_compute"]["value"] > 0
        tokens[steps] = found["football_picture_tokens_a_chunk"]["value"]
    assert 0 < tokens["8"] < tokens["0"]
