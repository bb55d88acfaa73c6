"""What is spoken next: interrupt, queue or hold; never a line older than its bound."""

from __future__ import annotations

import time

import numpy as np

from app.outputs.speech_schedule import SpeechSchedule, Utterance

RATE = 1000
NOW = 0.0


def sentence(tag: int, seconds: float = 1.0) -> np.ndarray:
    return np.full(int(seconds * RATE), tag, np.int16)


class Desk:
    """A schedule, and what it dropped."""

    def __init__(self, max_age_s: float = 5.0) -> None:
        self.dropped: list[tuple[int, str]] = []
        self._said: dict[int, Utterance] = {}
        self.schedule = SpeechSchedule(max_age_s, RATE, lambda round_, cause: self.dropped.append((round_, cause)))

    def say(self, round_: int, *tags: int, age_s: float = 0.0, urgent: bool = False, seconds: float = 1.0) -> str:
        utterance = Utterance(round_, time.monotonic() - age_s, urgent)
        self._said[round_] = utterance
        decision = self.schedule.add(utterance)
        for number, tag in enumerate(tags, 1):
            self.schedule.append(utterance, sentence(tag, seconds), last=number == len(tags))
        return decision

    def age(self, round_: int, seconds: float) -> None:
        """The line is so much older than when it was said."""
        self._said[round_].captured_at -= seconds

    def next(self) -> int | None:
        """The tag of the sentence to be spoken now."""
        found = self.schedule.next(0)
        return None if found is None else int(found.samples[0])


def test_lines_are_spoken_one_after_the_other() -> None:
    desk = Desk()
    assert desk.say(0, 10, 11) == "speak"
    assert desk.next() == 10
    assert desk.say(1, 20) == "queue"
    assert [desk.next() for _ in range(3)] == [11, 20, None]
    assert desk.dropped == []


def test_an_answer_goes_first_and_cuts_only_at_a_sentences_end() -> None:
    desk = Desk()
    desk.say(0, 10, 11)
    assert desk.next() == 10
    desk.say(1, 20)
    assert desk.say(2, 30, urgent=True) == "interrupt"
    assert [desk.next() for _ in range(3)] == [30, 20, None]
    assert desk.dropped == [(0, "interrupted")]


def test_no_sentence_begins_when_its_line_is_too_old() -> None:
    desk = Desk(max_age_s=60)
    desk.say(0, 10, 11, seconds=0.01, age_s=0)
    assert desk.next() == 10
    desk.age(0, 61)
    desk.say(1, 20, age_s=61)
    desk.say(2, 30, seconds=0.01)
    assert [desk.next(), desk.next()] == [30, None]
    assert desk.dropped == [(0, "late"), (1, "late")]


def test_the_oldest_goes_where_it_would_make_the_newest_late() -> None:
    desk = Desk(max_age_s=3.0)
    for round_ in range(6):
        desk.say(round_, 10 + round_, seconds=1.2)
    assert [desk.next() for _ in range(4)] == [13, 14, 15, None]
    assert desk.dropped == [(0, "late"), (1, "late"), (2, "late")]


def test_while_held_nothing_begins() -> None:
    desk = Desk()
    desk.schedule.hold(True)
    assert desk.say(0, 10) == "hold"
    assert desk.next() is None
    desk.schedule.hold(False)
    assert desk.next() == 10


def test_what_was_cleared_is_not_spoken_and_what_comes_then_is() -> None:
    desk = Desk()
    desk.say(0, 10, 11)
    before = desk.schedule.next(0)
    desk.say(1, 20)
    desk.schedule.clear()
    assert before is not None
    assert before.clears != desk.schedule.clears
    assert desk.next() is None
    desk.say(2, 30)
    assert desk.next() == 30
    assert desk.dropped == [(0, "cleared"), (1, "cleared")]


def test_a_line_without_a_letter_it_knows_is_told() -> None:
    desk = Desk()
    utterance = Utterance(0, time.monotonic())
    desk.schedule.add(utterance)
    desk.schedule.append(utterance, np.zeros(0, np.int16), last=True)
    assert desk.next() is None
    assert desk.dropped == [(0, "unpronounceable")]


def test_the_first_sentence_does_not_wait_for_the_others() -> None:
    desk = Desk()
    utterance = Utterance(0, time.monotonic())
    desk.schedule.add(utterance)
    desk.schedule.append(utterance, sentence(10), last=False)
    desk.say(1, 20)
    assert desk.next() == 10
    assert desk.next() is None  # the rest of the line comes before the next one
    desk.schedule.append(utterance, sentence(11), last=True)
    assert [desk.next(), desk.next()] == [11, 20]
