"""Which captions show at which moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.overlay.captions import FADE_S, HOLD_S, MAX_LINES, RISE_S, Captions


def texts(captions: Captions, now: float) -> list[str]:
    return [shown.text for shown in captions.visible(now)]


def test_nothing_said_shows_nothing_and_needs_no_timer() -> None:
    assert Captions().visible(0.0) == []
    assert Captions().next_change(0.0) is None


def test_a_line_grows_piece_by_piece() -> None:
    captions = Captions()
    captions.grow(0, " Harbour", 0.0)
    captions.grow(0, " win", 0.1)
    assert texts(captions, 0.1) == ["Harbour win"]
    captions.finish(0, "Harbour win it back.", 0.2)
    assert texts(captions, 0.2) == ["Harbour win it back."]


def test_silence_takes_back_what_was_begun() -> None:
    captions = Captions()
    captions.finish(0, "Before", 0.0)
    captions.grow(1, "Hm", 1.0)
    captions.finish(1, "", 1.1)
    captions.finish(2, "", 2.0)
    captions.grow(3, "   ", 2.1)
    assert texts(captions, 2.1) == ["Before"]


def test_newest_is_last_and_brightest() -> None:
    captions = Captions()
    for second, words in enumerate(["first", "second", "third"]):
        captions.finish(second, words, float(second))
    shown = captions.visible(2.0 + RISE_S)
    assert [line.text for line in shown] == ["first", "second", "third"]
    assert shown[0].opacity < shown[1].opacity < shown[2].opacity == 1.0


def test_a_new_line_slides_in() -> None:
    captions = Captions()
    captions.finish(0, "words", 5.0)
    rises = [captions.visible(5.0 + RISE_S * part)[0].rise for part in (0, 0.25, 0.5, 0.75, 1)]
    assert rises[0] == 0.0
    assert rises[-1] == 1.0
    assert rises == sorted(rises)


@pytest.mark.parametrize(("words", "hold_s"), [(1, 3.0), (8, 3.0), (9, 3.15), (20, 7.0)])
def test_a_line_stays_long_enough_to_be_read_then_fades(words: int, hold_s: float) -> None:
    captions = Captions()
    captions.finish(0, " ".join(["word"] * words), 10.0)
    assert captions.visible(10.0 + hold_s)[0].opacity == 1.0
    assert captions.visible(10.0 + hold_s + FADE_S / 2)[0].opacity == pytest.approx(0.5)
    assert captions.visible(10.0 + hold_s + FADE_S + 0.01) == []


def test_the_hold_counts_from_the_last_change() -> None:
    captions = Captions()
    captions.grow(0, "slow", 0.0)
    captions.finish(0, "slow words", 2.0)
    assert captions.visible(4.9)[0].opacity == 1.0


def test_lines_leave_in_order() -> None:
    captions = Captions()
    captions.finish(0, " ".join(["long"] * 20), 0.0)  # until 7.0
    captions.finish(1, "short", 1.0)
    assert texts(captions, 6.9) == [" ".join(["long"] * 20), "short"]


def test_no_more_than_a_handful_even_in_a_flood() -> None:
    captions = Captions()
    for round_ in range(100):
        captions.finish(round_, f"line {round_}", round_ * 0.1)
        unread = [line for line in captions.visible(round_ * 0.1) if not line.leaving]
        assert len(unread) <= MAX_LINES
    assert texts(captions, 20.0) == []


def test_the_next_change_is_told_exactly() -> None:
    captions = Captions()
    captions.finish(0, "words", 0.0)
    assert captions.next_change(0.0) == 0.0
    assert captions.next_change(RISE_S) == pytest.approx(HOLD_S - RISE_S)
    assert captions.next_change(HOLD_S) == 0.0
    assert captions.next_change(HOLD_S + FADE_S + 0.001) is None


def test_clear_leaves_nothing() -> None:
    captions = Captions()
    captions.finish(0, "words", 0.0)
    captions.clear()
    assert captions.visible(0.1) == []


@given(
    st.lists(st.tuples(st.floats(0, 5), st.sampled_from(["", "one", "two words", "a longer line of seven words"]))),
    st.floats(0, 60),
)
def test_opacity_and_rise_are_shares(said: list[tuple[float, str]], later: float) -> None:
    captions = Captions()
    now = 0.0
    for round_, (pause, text) in enumerate(said):
        now += pause
        captions.finish(round_, text, now)
        for line in captions.visible(now + later):
            assert line.text
            assert 0.0 <= line.opacity <= 1.0
            assert 0.0 <= line.rise <= 1.0
        change = captions.next_change(now)
        if captions.visible(now):
            assert change is not None


def test_held_lines_stay_until_they_are_let_go() -> None:
    captions = Captions()
    captions.finish(0, "Harbour kick off", 0.0)
    captions.hold(True, 1.0)
    captions.finish(1, "and they go on", 1.5)
    assert [shown.text for shown in captions.visible(1000.0)] == ["Harbour kick off", "and they go on"]
    assert captions.next_change(1000.0) is None
    captions.hold(False, 1000.0)
    assert [shown.opacity for shown in captions.visible(1000.0 + HOLD_S - 0.1)][-1] == 1.0
    assert captions.visible(1000.0 + 2 * HOLD_S + FADE_S) == []


def test_what_had_gone_does_not_come_back_when_it_is_held() -> None:
    captions = Captions()
    captions.finish(0, "Harbour kick off", 0.0)
    captions.hold(True, HOLD_S + FADE_S + 1)
    assert captions.visible(HOLD_S + FADE_S + 1) == []


def test_without_motion_a_line_is_there_or_it_is_not() -> None:
    captions = Captions()
    captions.still = True
    captions.finish(1, "and they break down the left", 10.0)
    assert [(line.opacity, line.rise) for line in captions.visible(10.0)] == [(1.0, 1.0)]
    assert captions.next_change(10.0) == pytest.approx(HOLD_S)
    assert [line.opacity for line in captions.visible(10.0 + HOLD_S - 0.01)] == [1.0]
    assert captions.visible(10.0 + HOLD_S) == []
    assert captions.next_change(10.0 + HOLD_S) is None
