"""Children that end nothing by themselves are killed together, and only those."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess

import pytest

from core.closing_deadline import ClosingDeadline, is_stopped
from tests.quiet_clock import quiet_s
from tests.waiting import until

Children = list[SpawnProcess]


@pytest.fixture
def children() -> Iterator[Children]:
    """Three that sleep."""
    context = multiprocessing.get_context("spawn")
    made = [context.Process(target=time.sleep, args=(120.0,), daemon=True) for _ in range(3)]
    for child in made:
        child.start()
    yield made
    for child in made:
        child.kill()
        child.join()
        child.close()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells who is stopped")
def test_stopped_children_are_killed_together_long_before_the_deadline(children: Children) -> None:
    for child in children:
        assert child.pid is not None
        os.kill(child.pid, signal.SIGSTOP)
    until(lambda: all(is_stopped(child.pid) for child in children), "they are stopped")
    begun = quiet_s()
    with ClosingDeadline(60.0):
        for child in children:
            child.join(30.0)
    assert quiet_s() - begun < 2
    assert [child.exitcode for child in children] == [-signal.SIGKILL] * 3


def test_what_is_left_at_the_deadline_is_killed(children: Children) -> None:
    begun = quiet_s()
    with ClosingDeadline(0.5):
        for child in children:
            child.join(30.0)
    assert quiet_s() - begun < 2
    assert not any(child.is_alive() for child in children)


def test_nobody_is_killed_before_the_deadline_nor_after_all_has_ended(children: Children) -> None:
    with ClosingDeadline(0.6):
        time.sleep(0.3)
    time.sleep(0.6)
    assert all(child.is_alive() for child in children)
