"""The mailbox between the capture thread and the worker."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bridge.mailbox import Mailbox
from core.messages import Paused, Resumed
from core.types import Frame
from tests.waiting import PATIENCE_S

IMAGE = np.zeros((2, 2, 3), np.uint8)


def frame(number: int) -> Frame:
    return Frame(IMAGE, float(number), float(number))


@given(capacity=st.integers(1, 6), steps=st.lists(st.booleans(), max_size=80))
def test_the_oldest_leave_and_every_one_is_counted(capacity: int, steps: list[bool]) -> None:
    mailbox = Mailbox(capacity)
    model = deque(maxlen=capacity)
    put = 0
    taken = []
    told = 0
    for is_put in steps:
        if is_put:
            assert mailbox.put(frame(put))
            model.append(put)
            put += 1
        elif model:
            found = mailbox.get()
            assert found is not None
            assert found.media_time == model.popleft()
            taken.append(found)
        told += sum(drop.frames for drop in mailbox.take_drops())
        assert len(mailbox) == len(model) <= capacity
    assert mailbox.frames_in == put
    assert put == len(taken) + len(model) + mailbox.frames_dropped["behind"]
    assert told == mailbox.frames_dropped["behind"]


def test_what_is_told_keeps_its_place_and_takes_no_room() -> None:
    mailbox = Mailbox(2)
    mailbox.put(frame(0))
    mailbox.put_marker(Paused(1.0))
    for number in range(1, 4):
        mailbox.put(frame(number))
    assert len(mailbox) == 2
    assert [mailbox.get() == Paused(1.0), *(mailbox.get().media_time for _ in range(2))] == [True, 2.0, 3.0]  # type: ignore[union-attr]
    mailbox.close()
    mailbox.put_marker(Resumed(2.0))
    assert mailbox.get() is None


def test_a_drop_names_its_cause_and_the_last_frame_lost() -> None:
    mailbox = Mailbox(2)
    for number in range(5):
        mailbox.put(frame(number))
    mailbox.count_dropped("guard", frame(9))
    drops = {drop.cause: drop for drop in mailbox.take_drops()}
    assert (drops["behind"].frames, drops["behind"].media_time) == (3, 2.0)
    assert (drops["guard"].frames, drops["guard"].media_time) == (1, 9.0)
    assert mailbox.take_drops() == []


def test_the_preview_shows_the_newest_and_costs_the_model_nothing() -> None:
    mailbox = Mailbox(1)
    assert mailbox.latest() is None
    for number in range(3):
        mailbox.set_preview(frame(number))
    assert mailbox.latest() is mailbox.latest()
    assert mailbox.latest().media_time == 2.0
    assert mailbox.frames_in == len(mailbox) == 0
    assert mailbox.frames_captured == 3


def test_put_wait_waits_and_drops_nothing() -> None:
    mailbox = Mailbox(2)
    taken = []

    def produce() -> None:
        for number in range(200):
            assert mailbox.put_wait(frame(number))
        mailbox.close()

    producer = threading.Thread(target=produce)
    producer.start()
    while (found := mailbox.get()) is not None:
        assert len(mailbox) <= 2
        taken.append(found.media_time)
    producer.join()
    assert taken == list(range(200))
    assert not mailbox.frames_dropped


def test_take_gives_up_in_time() -> None:
    assert Mailbox(1).get(timeout=0.01) is None


@pytest.mark.parametrize("waiting", ["get", "put_wait"])
def test_close_wakes_whoever_waits(waiting: str) -> None:
    mailbox = Mailbox(1)
    results = []
    if waiting == "put_wait":
        mailbox.put(frame(0))
    call = mailbox.get if waiting == "get" else lambda: mailbox.put_wait(frame(1))
    waiter = threading.Thread(target=lambda: results.append(call()))
    waiter.start()
    mailbox.close()
    waiter.join(PATIENCE_S)
    assert results == [None if waiting == "get" else False]


def test_closed_it_takes_no_more_but_gives_what_it_has() -> None:
    mailbox = Mailbox(3)
    mailbox.put(frame(0))
    mailbox.close()
    assert not mailbox.put(frame(1))
    assert mailbox.get() is not None
    assert mailbox.get() is None
    discarded = Mailbox(3)
    discarded.put(frame(0))
    discarded.close(discard=True)
    assert discarded.get() is None


def test_many_threads_lose_no_count() -> None:
    mailbox = Mailbox(3)
    producers = [threading.Thread(target=lambda: [mailbox.put(frame(i)) for i in range(500)]) for _ in range(4)]
    for producer in producers:
        producer.start()
    for producer in producers:
        producer.join()
    assert mailbox.frames_in == 2000
    assert mailbox.frames_dropped["behind"] == 1997
