"""The figures of a commentary, on cases made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.eval.metrics import (
    Claim,
    Counts,
    claims_of,
    count_events,
    count_words,
    f1,
    facts_right,
    false_alarms_per_quiet_minute,
    interval,
    pair,
    precision,
    quiet_seconds,
    recall,
    repeats_per_hour,
    silence_kept,
    silent,
    who_right,
    words_per_minute,
)
from core.messages import Line
from core.programmes.programme import Event, Mention

NIL = {"score": "Ash 0, Elm 0"}
ONE = {"score": "Ash 0, Elm 1"}
EVENTS = [
    Event(1.2, "kick-off", "Ash", NIL),
    Event(10.4, "shot", "Elm", NIL),
    Event(11.0, "goal", "Elm", ONE),
    Event(40.7, "corner", "Ash", ONE),
]
SPAN = (0.0, 60.0)


def claimed(events, late_s=0.5):
    return [Claim(e.time + late_s, e.kind, e.who, e.facts) for e in events]


def said(*texts):
    return [Line(n, float(n), n + 1.0, text, 0.0, 0.0) for n, text in enumerate(texts)]


def test_a_perfect_commentator_gets_everything():
    c = count_events(EVENTS, claimed(EVENTS), SPAN)
    assert [figure(c) for figure in (precision, recall, f1, who_right, facts_right)] == [1.0] * 5
    assert false_alarms_per_quiet_minute(c) == 0.0


@pytest.mark.parametrize(("late_s", "right"), [(0.6, 1.0), (1.0, 1.0), (-1.0, 1.0), (1.1, 0.0), (3.0, 0.0)])
def test_a_line_counts_within_a_second(late_s, right):
    c = count_events(EVENTS[:1], claimed(EVENTS[:1], late_s), SPAN)
    assert recall(c) == precision(c) == right


def test_the_wrong_name_is_a_hit_with_the_wrong_name():
    c = count_events(EVENTS[:1], [Claim(1.5, "kick-off", "Elm")], SPAN)
    assert (f1(c), who_right(c)) == (1.0, 0.0)


def test_a_line_that_names_nobody_is_neither_right_nor_wrong_about_it():
    c = count_events(EVENTS[:1], [Claim(1.5, "kick-off")], SPAN)
    assert (c.hits, c.named) == (1, 0)


def test_the_wrong_kind_is_no_hit_but_no_false_alarm_either():
    c = count_events(EVENTS[:1], [Claim(1.5, "foul", "Ash")], SPAN)
    assert (c.hits, c.false_alarms) == (0, 0)


def test_an_event_out_of_thin_air_is_a_false_alarm():
    c = count_events(EVENTS, [*claimed(EVENTS), Claim(30.0, "foul", "Ash")], SPAN)
    assert c.false_alarms == 1
    assert false_alarms_per_quiet_minute(c) == pytest.approx(60 / quiet_seconds(EVENTS, SPAN))


def test_one_event_is_told_once():
    c = count_events(EVENTS[:1], claimed(EVENTS[:1]) * 2, SPAN)
    assert (recall(c), precision(c)) == (1.0, 0.5)


def test_a_fact_is_judged_by_the_event_its_line_tells():
    late = [
        Claim(11.8, "goal", "Elm", ONE),
        Claim(11.2, "shot", "Elm", ONE),
        Claim(50.0, facts=ONE),
        Claim(0.1, facts=NIL),
    ]
    c = count_events(EVENTS, late, SPAN)
    assert (c.facts, c.facts_right) == (4, 2), "the shot was before the goal; before any event nothing is known"


def test_quiet_time_leaves_two_seconds_round_every_event():
    # 3.2-8.4, 13.0-38.7 and 42.7-60.0 are left
    assert quiet_seconds(EVENTS, SPAN) == pytest.approx(5.2 + 25.7 + 17.3)
    assert quiet_seconds([], SPAN) == 60.0


def test_of_one_kind_only_its_own_lines_count():
    c = count_events(EVENTS, claimed(EVENTS), SPAN, kind="goal")
    assert (c.events, c.claims, c.hits, c.facts) == (1, 1, 1, 1)


def test_nothing_said_and_nothing_happened_divides_by_nothing():
    empty = count_events([], [], (0.0, 0.0))
    shares = (precision, recall, f1, who_right, facts_right, silent, silence_kept, words_per_minute, repeats_per_hour)
    assert all(f(empty) == 0.0 for f in (*shares, false_alarms_per_quiet_minute))


def test_a_line_is_timed_by_the_start_of_its_round():
    lines = said("", "a", "b")
    assert claims_of(lines, lambda text: [Mention("shot", text)] if text else []) == [
        Claim(1.0, "shot", "a"),
        Claim(2.0, "shot", "b"),
    ]


def test_silence_counts_where_there_is_nothing_to_tell():
    c = count_words(said("", "Oh dear.", "", "Goal! Goal!"), eventful=lambda start: start == 3.0)
    assert (silent(c), silence_kept(c)) == (0.5, pytest.approx(2 / 3))
    assert words_per_minute(c) == pytest.approx(60.0)


def test_a_sentence_said_again_is_a_repeat_for_two_minutes():
    texts = ["Shot! Wide.", *[""] * 119, "Shot!", *[""] * 121, "Shot!", "Wide."]
    assert count_words(said(*texts), lambda start: False).repeats == 1


TIMES = st.lists(st.floats(0, 30), max_size=8)


@given(TIMES, TIMES)
def test_pairing_is_one_to_one_and_as_large_as_any(happened, spoken):
    events = [Event(t, "shot") for t in happened]
    lines = [Claim(t, "shot") for t in spoken]
    pairs = pair(events, lines)
    assert len({e for e, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    assert all(abs(happened[e] - spoken[c]) <= 1.001 for e, c in pairs)
    assert len(pairs) == most_pairs(happened, spoken)


def most_pairs(happened, spoken):
    """Maximum matching by augmenting paths: slow and plain."""
    partner = {}

    def place(e, tried):
        for c, time in enumerate(spoken):
            if abs(happened[e] - time) <= 1.000001 and c not in tried:
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
