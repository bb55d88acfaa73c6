"""A source that hangs, and the thread that is left behind with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from app.capture.guarded import GuardedSource, Guarding
from core.errors import SourceError
from core.types import Frame
from tests.quiet_clock import quiet_s
from tests.waiting import PATIENCE_S


class Hanging:
    """Gives one picture, then hangs until it is let go."""

    name = "hanging"
    live = True
    context = ""
    warning = ""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.closed = threading.Event()
        self.threads: set[str] = set()
        self._frames = 0

    def open(self) -> None:
        self.threads.add(threading.current_thread().name)

    def read(self) -> Frame:
        self.threads.add(threading.current_thread().name)
        self._frames += 1
        if self._frames > 1:
            self.let_go.wait()
        return Frame(np.zeros((2, 2, 3), np.uint8), time.monotonic(), 0.0)

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.closed.set()


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    source = Hanging()
    yield source
    source.let_go.set()


def test_a_hang_is_an_error_and_the_source_is_closed_later(hanging: Hanging) -> None:
    guarded = GuardedSource(hanging, 0.2)
    guarded.open()
    assert guarded.read() is not None
    with pytest.raises(SourceError, match="does not answer"):
        guarded.read()
    assert guarded.hangs
    guarded.close()
    assert not hanging.closed.is_set()
    hanging.let_go.set()
    assert hanging.closed.wait(PATIENCE_S)
    assert hanging.threads == {"guarded source"}


def test_an_interrupt_ends_a_wait_at_once(hanging: Hanging) -> None:
    guarded = GuardedSource(hanging, 30)
    guarded.open()
    guarded.read()
    threading.Timer(0.2, guarded.interrupt).start()
    begun = quiet_s()
    assert guarded.read() is None
    guarded.close()
    assert quiet_s() - begun < 2


def test_while_one_hangs_no_other_is_made(hanging: Hanging) -> None:
    made: list[Hanging] = []

    def make() -> Hanging:
        made.append(hanging if not made else Hanging())
        return made[-1]

    guarding = Guarding(make, rate=1000.0)
    first = guarding(False)
    first.open()
    first.read()
    hanging.let_go.clear()
    threading.Timer(0.1, first.interrupt).start()
    assert first.read() is None
    first.close()
    assert guarding(True) is first
    assert len(made) == 1
    hanging.let_go.set()
    assert hanging.closed.wait(PATIENCE_S)
    end = time.monotonic() + 5
    while guarding(True) is first:
        assert time.monotonic() < end
    assert len(made) == 2


def test_without_patience_nothing_is_too_late_but_an_interrupt_ends_the_wait(hanging: Hanging) -> None:
    guarded = GuardedSource(hanging, None)
    guarded.open()
    assert guarded.read() is not None
    threading.Timer(0.3, guarded.interrupt).start()
    begun = quiet_s()
    assert guarded.read() is None
    guarded.close()
    assert quiet_s() - begun < 2.0
    assert not hanging.closed.is_set()
    hanging.let_go.set()
    assert hanging.closed.wait(PATIENCE_S)


def test_one_that_was_never_opened_is_closed_as_well(hanging: Hanging) -> None:
    GuardedSource(hanging, None).close()
    assert hanging.closed.is_set()
