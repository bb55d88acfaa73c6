"""A drawn desktop session: the truth agrees with the screen it draws, sentences vary, words are few."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from itertools import pairwise, takewhile
from random import Random

import numpy as np
import pytest

from core.programmes.desktop.act import COPIES, JOBS, KINDS, PROGRAMS, SIDES, Act
from core.programmes.desktop.contents import curve
from core.programmes.desktop.phrases import BOOK, PHRASES
from core.programmes.desktop.programme import Desktop, mention_of
from core.programmes.desktop.script import APART_S, Script
from core.programmes.desktop.state import Screen
from core.programmes.phrasebook import APART_S as SENTENCES_APART_S
from core.programmes.phrasebook import SLOT, filled
from core.programmes.stream import Round, rounds

SMALL = (252, 140)
SEEDS = range(100_000, 100_006)
SECONDS = 240
NAMES = {
    "open": PROGRAMS,
    "close": PROGRAMS,
    "error": PROGRAMS,
    "start": JOBS,
    "passed": JOBS,
    "failed": JOBS,
    "crossing": SIDES,
    "copied": COPIES,
}


@pytest.fixture(scope="module")
def watched() -> list[Round]:
    return list(rounds(lambda seed: Desktop(seed, (64, 36)), SEEDS, SECONDS, 1))


def acts_of(seed: int, seconds: float) -> list[Act]:
    return list(takewhile(lambda act: act.time < seconds, Script(seed).acts()))


def test_every_kind_of_event_is_met(watched: list[Round]) -> None:
    assert {event.kind for one in watched for event in one.events} == set(KINDS)


def test_no_sentence_comes_twice_within_two_minutes(watched: list[Round]) -> None:
    said: dict[tuple[int, str], float] = {}
    for one in watched:
        for sentence in re.findall(r"[^.!?]+[.!?]", one.line):
            key = one.seed, sentence.strip().lower()
            assert one.start_s - said.get(key, -SENTENCES_APART_S - 1) > SENTENCES_APART_S - 1, sentence
            said[key] = one.start_s


def test_words_a_minute_stay_within_what_one_can_hear(watched: list[Round]) -> None:
    words = [len(one.line.split()) for one in watched]
    assert 4 <= sum(words) * 60 / len(words) <= 25
    assert max(words) <= 14


@pytest.mark.parametrize("seed", SEEDS)
def test_facts_count_what_the_script_did(seed: int) -> None:
    acts = acts_of(seed, SECONDS)
    with closing(Desktop(seed, SMALL)) as episode:
        for second in range(0, SECONDS, 60):
            for event in episode.events(second, second + 60.0):
                past = [act for act in acts if act.time <= event.time]
                counts = Counter(act.verb for act in past)
                assert event.facts == {
                    "windows": str(counts["open"] - counts["close"]),
                    "failures": str(counts["failed"]),
                }


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_told_lies_apart_and_in_order(seed: int) -> None:
    times = [act.time for act in acts_of(seed, SECONDS) if act.verb in KINDS and not act.initial]
    assert len(times) > 10
    assert all(after - before >= APART_S - 1e-9 for before, after in pairwise(times))


@pytest.mark.parametrize("seed", range(20))
def test_the_curve_is_on_the_side_that_was_told(seed: int) -> None:
    script = Script(seed)
    screen = Screen(Random(0), script.begins)
    acts = list(takewhile(lambda act: act.time < 300.0, script.acts()))
    side = script.begins
    for act in acts:
        if act.verb == "crossing":
            screen.expect(act)
            assert (curve(screen, seed, act.time - 0.2) > 0) == (side == "above")
            assert (curve(screen, seed, act.time + 0.2) > 0) == (act.who == "above")
            side = act.who


@pytest.mark.parametrize("seed", SEEDS)
def test_every_event_changes_the_picture(seed: int) -> None:
    with closing(Desktop(seed)) as episode:
        for act in [act for act in acts_of(seed, 120.0) if act.verb in KINDS and act.time > 1.0]:
            before = episode.frame(act.time - 0.05)
            after = episode.frame(act.time + 0.1)
            assert (before != after).any(axis=2).sum() > 40, act


def test_the_same_seed_gives_the_same_frames_and_lines() -> None:
    first, second = (list(rounds(lambda seed: Desktop(seed, SMALL), [5], 40, 2)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert one.line == other.line
        assert np.array_equal(one.frames, other.frames)


def test_questions_are_answered_by_what_holds() -> None:
    with closing(Desktop(3, SMALL)) as episode:
        asked = {question.text: question.answer for question in episode.questions(100.0)}
    past = acts_of(3, 100.0)
    counts = Counter(act.verb for act in past)
    assert asked["How many windows are open?"] == f"There are {counts['open'] - counts['close']} windows."
    assert asked["How many failures?"] == f"{counts['failed']} so far."


@pytest.mark.parametrize("mood", PHRASES)
def test_every_phrase_reads_back_as_what_it_tells(mood: str) -> None:
    kind = mood.partition("/")[0]
    for who in NAMES[kind]:
        slots = {"me": "Anna", "n": "3", "nth": "second", "who": who}
        for phrase in PHRASES[mood]:
            text = SLOT.sub(lambda slot: filled(slot.group(1), slots), phrase)  # noqa: B023 (used at once)
            assert [(m.kind, m.who) for m in map(mention_of, BOOK.read(text))] == [(kind, who)], text
