"""The match: the same for the same seed, lively, consistent, and bounded."""

from collections import Counter
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest

from core.programmes.football.event import KINDS, OF_NOBODY
from core.programmes.football.pitch import Play
from core.programmes.football.simulator import KEEP_S, Match

MINUTES = 20


@pytest.fixture(scope="module")
def long_match() -> Match:
    match = Match(1, keep=True)
    match.advance(60 * MINUTES)
    return match


def test_the_same_seed_is_the_same_match():
    one = Match(7)
    other = Match(7)
    times = np.arange(0, 40, 0.5)
    for start in range(0, 40, 8):  # a different step, and times between ticks
        other.sample([start + 3.217])
    at_once = one.sample(times)
    later = other.sample(times)
    for field in fields(at_once):
        assert np.array_equal(getattr(at_once, field.name), getattr(later, field.name)), field.name
    assert one.events_between(0, 40) == other.events_between(0, 40)
    assert Match(8).events_between(0, 40) != one.events_between(0, 40)


def test_every_kind_happens_at_a_pleasant_rate(long_match):
    count = Counter(event.kind for event in long_match.events)
    assert set(count) == set(KINDS) - set(OF_NOBODY)
    every_s = {kind: 60 * MINUTES / number for kind, number in count.items()}
    assert 4 <= 60 * MINUTES / len(long_match.events) <= 8
    assert 35 <= every_s["goal"] <= 110
    assert 10 <= every_s["shot"] <= 25
    assert max(every_s.values()) <= 110


def test_shots_end_within_a_second(long_match):
    for event, following in pairwise(long_match.events):
        if event.kind == "shot":
            assert following.kind in ("goal", "save", "wide")
            assert 0.35 <= following.time - event.time <= 1.2
            assert (following.team == event.team) == (following.kind != "save")
        else:
            assert following.time - event.time >= 1.05


def test_the_same_team_does_not_repeat_itself_at_once(long_match):
    last = {}
    for event in long_match.events:
        assert event.time - last.get((event.kind, event.team), -9) >= 1.5
        last[event.kind, event.team] = event.time


def test_the_score_counts_the_goals(long_match):
    goals = [0, 0]
    for event in long_match.events:
        if event.kind == "goal":
            goals[event.team] += 1
        assert event.score == tuple(goals)
    assert tuple(long_match.sample([60 * MINUTES]).score[0]) == tuple(goals)


def test_a_goal_is_followed_by_the_other_team_s_kick_off(long_match):
    restarts = [event for event in long_match.events if event.kind in ("goal", "kick-off")]
    for goal, restart in pairwise(restarts):
        if goal.kind == "goal":
            assert (restart.kind, restart.team) == ("kick-off", 1 - goal.team)


def test_memory_is_bounded():
    match = Match(3)
    match.advance(30)
    size = match.timeline.nbytes
    match.advance(4 * KEEP_S)
    assert match.timeline.nbytes == size
    assert match.events[0].time >= match.timeline.start_s - 60
    with pytest.raises(ValueError, match="known from"):
        match.sample([1.0])


def test_everybody_stays_in_the_picture_and_moves_smoothly(long_match):
    samples = long_match.sample(np.arange(5, 600, 0.1))
    assert np.abs(samples.x).max() < 21.5
    assert np.abs(samples.y).max() < 13.5
    assert samples.speed.max() < 11
    assert np.abs(samples.ball[:, 0]).max() < 23
    assert samples.ball[:, 2].min() > 0
    assert np.hypot(samples.ball_velocity[:, 0], samples.ball_velocity[:, 1]).max() < 32


def test_a_kick_off_starts_from_the_centre_with_both_teams_at_home(long_match):
    for event in [event for event in long_match.events if event.kind == "kick-off"]:
        now = long_match.sample([event.time])
        assert np.hypot(*now.ball[0, :2]) < 0.5
        others = [figure for figure in range(12) if figure not in (5, 11)]
        home = np.where(np.array(others) < 6, now.x[0, others] < 0.5, now.x[0, others] > -0.5)
        assert home.all()


def test_the_ball_is_where_the_event_says(long_match):
    for event in long_match.events:
        x, y, _ = long_match.sample([event.time]).ball[0]
        if event.kind == "goal":
            assert abs(x) >= 20
            assert abs(y) < 2.5
        if event.kind == "wide":
            assert abs(x) >= 20
            assert abs(y) > 3.5
        if event.kind == "corner":
            assert np.hypot(abs(x) - 20, abs(y) - 12) < 0.6


def test_between_ticks_angles_take_the_short_way(long_match):
    fine = long_match.sample(np.arange(20, 60, 0.02))
    turn = np.angle(np.exp(1j * np.diff(fine.facing, axis=0)))
    assert np.abs(turn).max() < 1.0
    assert set(np.unique(fine.play)) <= {int(play) for play in Play}
