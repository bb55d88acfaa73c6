"""The match: the same for the same seed, lively, consistent, and bounded."""

from collections import Counter
from dataclasses import fields
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from core.programmes.football.event import KINDS, OF_NOBODY
from core.programmes.football.finish import MOST_GOALS, shot
from core.programmes.football.match_state import MatchState
from core.programmes.football.pitch import TICK_S, Play
from core.programmes.football.simulator import KEEP_S, Match

MINUTES = 45


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


def test_every_kind_happens_at_a_broadcast_s_rate(long_match):
    count = Counter(event.kind for event in long_match.events)
    assert set(count) == set(KINDS)
    a_minute = {kind: number / MINUTES for kind, number in count.items()}
    lines = sum(a_minute.values()) - a_minute["shot"]  # a shot is told with its end
    assert 2.6 <= lines <= 3.8
    assert 0.1 <= a_minute["goal"] <= 0.45
    assert 0.9 <= a_minute["shot"] <= 1.8
    assert min(a_minute["foul"], a_minute["corner"]) >= 0.3


def test_matches_have_two_halves_and_then_the_next_begins_at_nothing(long_match):
    ends = [event for event in long_match.events if event.kind in OF_NOBODY]
    assert [(event.number, event.half) for event in ends] == [(n // 2, n % 2 + 1) for n in range(len(ends))]
    assert all(event.kind == OF_NOBODY[event.half - 1] and event.team == 0 for event in ends)
    assert len(ends) >= 6
    kick_offs = {}
    for event in long_match.events:
        if event.kind == "kick-off":
            kick_offs.setdefault((event.number, event.half), event)
    for end in ends:
        begun = kick_offs[end.number, end.half]
        assert 240 <= end.time - begun.time <= 330
        again = kick_offs.get((end.number, 2) if end.half == 1 else (end.number + 1, 1))
        if again is not None:
            low, high = (14, 25) if end.half == 1 else (25, 40)
            assert low <= again.time - end.time <= high
            assert again.team != begun.team or end.half == 2
            assert again.score == (end.score if end.half == 1 else (0, 0))


def test_halves_are_as_short_as_asked_for():
    match = Match(3, keep=True, half_s=(30.0, 40.0))
    match.advance_to(400.0)
    ends = [event.time for event in match.events if event.kind in OF_NOBODY]
    assert len(ends) >= 5
    assert max(match.events, key=lambda event: event.number).number >= 2


def test_the_whistle_comes_in_open_play(long_match):
    for event in long_match.events:
        if event.kind in OF_NOBODY:
            before = long_match.sample([event.time - 0.35])
            assert before.play[0] == Play.OPEN
            assert long_match.sample([event.time + 0.3]).play[0] in (Play.HALF_TIME, Play.FULL_TIME)


def test_the_clock_stands_still_in_the_breaks(long_match):
    times = np.arange(0.0, 60 * MINUTES - 1, 1.0)
    now = long_match.sample(times)
    apart = np.isin(now.play, (Play.HALF_TIME, Play.FULL_TIME, Play.INTERVAL))
    steps = np.diff(now.clock)
    assert (np.abs(steps[apart[:-1] & apart[1:] & (np.diff(now.number) == 0)]) <= 1e-3).mean() > 0.9
    assert now.clock.max() < 660


def test_some_goals_are_shown_again_slower(long_match):
    times = np.arange(0.0, 60 * MINUTES - 1, 0.1)
    now = long_match.sample(times)
    assert (now.replay == (now.play == Play.REPLAY)).all()
    starts = times[1:][np.diff(now.replay.astype(int)) == 1]
    goals = [event for event in long_match.events if event.kind == "goal"]
    assert 1 <= len(starts) < len(goals)
    for start in starts:
        goal = max(event.time for event in goals if event.time < start)
        live = long_match.sample([goal - 2.0])
        again = long_match.sample([start + 2.0 / 0.62])
        assert np.abs(np.abs(again.ball[0]) - np.abs(live.ball[0])).max() < 1.0
        assert np.abs(np.abs(again.x[0]) - np.abs(live.x[0])).max() < 1.0
        assert not [event for event in long_match.events if start <= event.time < start + 7]


def test_no_match_has_more_goals_than_a_digit_tells():
    state = MatchState(Random(1), 0)
    state.score = [MOST_GOALS - 1, 1]
    outcomes = set()
    for _ in range(200):
        script = shot(state, 4)
        try:
            while True:
                next(script)
                state.time += TICK_S
                state.ball.step(state.time)
        except StopIteration as ended:
            outcomes.add(ended.value[0])
    assert outcomes == {Play.SAVE, Play.GOAL_KICK}


def test_shots_end_within_a_second(long_match):
    for event, following in pairwise(long_match.events):
        if event.kind == "shot":
            assert following.kind in ("goal", "save", "wide")
            assert 0.35 <= following.time - event.time <= 1.2
            assert (following.team == event.team) == (following.kind != "save")
        else:
            assert following.time - event.time >= 1.05, (event, following)


def test_the_same_team_does_not_repeat_itself_at_once(long_match):
    last = {}
    for event in long_match.events:
        assert event.time - last.get((event.kind, event.team), -9) >= 1.5
        last[event.kind, event.team] = event.time


def test_the_score_counts_the_goals(long_match):
    goals = {}
    for event in long_match.events:
        score = goals.setdefault(event.number, [0, 0])
        score[event.team] += event.kind == "goal"
        assert event.score == tuple(score)
        assert tuple(long_match.sample([event.time + 0.15]).score[0]) == event.score


def test_a_goal_is_followed_by_the_other_team_s_kick_off(long_match):
    restarts = [event for event in long_match.events if event.kind in ("goal", "kick-off")]
    for goal, restart in pairwise(restarts):
        if goal.kind == "goal" and (goal.half, goal.number) == (restart.half, restart.number):
            assert (restart.kind, restart.team) == ("kick-off", 1 - goal.team)


def test_memory_is_bounded():
    match = Match(3)
    match.advance(30)
    size = match.timeline.nbytes
    match.advance(4 * KEEP_S)
    assert match.timeline.nbytes == size
    assert match.events[0].time >= match.timeline.start_s - KEEP_S  # they go with the next event
    with pytest.raises(ValueError, match="known from"):
        match.sample([1.0])


def test_everybody_stays_in_the_picture_and_moves_smoothly(long_match):
    samples = long_match.sample(np.arange(5, 1400, 0.1))
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
