"""Episodes watched and scored: first by who knows the truth, then by the real engine."""

from core.eval.episode_stream import EvalStream, direct_stream
from core.eval.metrics import Counts, f1, facts_right, silence_kept, who_right
from core.eval.programmes import fact_key, figures, score, watch
from core.messages import Line
from core.programmes.catalogue import find
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
    assert everything.hits >= 3
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
