"""The figures of a commentary, on cases made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.eval.metrics import (
    Claim,
    Counts,
    Truth,
    count,
    f1,
    false_alarms_per_quiet_minute,
    interval,
    pair,
    precision,
    quiet_seconds,
    recall,
    score_right,
    team_right,
)

EVENTS = [
    Truth(1.2, "kick-off", 0, (0, 0)),
    Truth(10.4, "shot", 1, (0, 0)),
    Truth(11.0, "goal", 1, (0, 1)),
    Truth(40.7, "corner", 0, (0, 1)),
]
SPAN = (0.0, 60.0)


def claimed(events, late_s=0.5):
    return [Claim(e.time + late_s, e.kind, e.team, e.score) for e in events]


def test_a_perfect_commentator_gets_everything():
    c = count(EVENTS, claimed(EVENTS), SPAN)
    assert [figure(c) for figure in (precision, recall, f1, team_right, score_right)] == [1.0] * 5
    assert false_alarms_per_quiet_minute(c) == 0.0


@pytest.mark.parametrize(("late_s", "right"), [(1.0, 1.0), (2.0, 1.0), (-1.0, 1.0), (2.1, 0.0), (3.0, 0.0)])
def test_a_line_counts_within_two_seconds(late_s, right):
    c = count(EVENTS[:1], claimed(EVENTS[:1], late_s), SPAN)
    assert recall(c) == precision(c) == right


def test_the_wrong_team_is_a_hit_with_the_wrong_team():
    c = count(EVENTS[:1], [Claim(1.5, "kick-off", 1)], SPAN)
    assert (f1(c), team_right(c)) == (1.0, 0.0)


def test_the_wrong_kind_is_no_hit_but_no_false_alarm_either():
    c = count(EVENTS[:1], [Claim(1.5, "foul", 0)], SPAN)
    assert (c.hits, c.false_alarms) == (0, 0)


def test_an_event_out_of_thin_air_is_a_false_alarm():
    c = count(EVENTS, [*claimed(EVENTS), Claim(30.0, "foul", 0)], SPAN)
    assert c.false_alarms == 1
    assert false_alarms_per_quiet_minute(c) == pytest.approx(60 / quiet_seconds(EVENTS, SPAN))


def test_one_event_is_told_once():
    c = count(EVENTS[:1], claimed(EVENTS[:1]) * 2, SPAN)
    assert (recall(c), precision(c)) == (1.0, 0.5)


def test_a_score_is_judged_by_the_event_its_line_tells():
    late = [Claim(12.5, "goal", 1, (0, 1)), Claim(12.0, "shot", 1, (0, 1)), Claim(50.0, score=(0, 1))]
    c = count(EVENTS, late, SPAN)
    assert (c.scores, c.scores_right) == (3, 2)


def test_quiet_time_leaves_two_seconds_round_every_event():
    # 3.2-8.4, 13.0-38.7 and 42.7-60.0 are left
    assert quiet_seconds(EVENTS, SPAN) == pytest.approx(5.2 + 25.7 + 17.3)
    assert quiet_seconds([], SPAN) == 60.0


def test_of_one_kind_only_its_own_lines_count():
    c = count(EVENTS, claimed(EVENTS), SPAN, kind="goal")
    assert (c.events, c.claims, c.hits, c.scores) == (1, 1, 1, 1)


def test_nothing_said_and_nothing_happened_divides_by_nothing():
    empty = count([], [], (0.0, 0.0))
    assert all(f(empty) == 0.0 for f in (precision, recall, f1, team_right, score_right, false_alarms_per_quiet_minute))


TIMES = st.lists(st.floats(0, 30), max_size=8)


@given(TIMES, TIMES)
def test_pairing_is_one_to_one_and_as_large_as_any(happened, said):
    events = [Truth(t, "shot", 0, (0, 0)) for t in happened]
    lines = [Claim(t, "shot", 0) for t in said]
    pairs = pair(events, lines)
    assert len({e for e, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    assert all(abs(happened[e] - said[c]) <= 2.001 for e, c in pairs)
    assert len(pairs) == most_pairs(happened, said)


def most_pairs(happened, said):
    """Maximum matching by augmenting paths: slow and plain."""
    partner = {}

    def place(e, tried):
        for c, time in enumerate(said):
            if abs(happened[e] - time) <= 2.000001 and c not in tried:
                tried.add(c)
                if c not in partner or place(partner[c], tried):
                    partner[c] = e
                    return True
        return False

    return sum(place(e, set()) for e in range(len(happened)))


def test_an_interval_holds_the_figure_and_shrinks_to_it_for_one_match():
    matches = [Counts(events=10, claims=10, hits=h) for h in (9, 8, 10, 6)]
    low, high = interval(matches, f1)
    assert 0.6 <= low < f1(sum(matches, Counts())) < high <= 1.0
    assert interval(matches[:1], f1) == (0.9, 0.9)
