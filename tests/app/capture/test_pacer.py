"""Frames are given out when they are due, and what was missed is left out."""

from __future__ import annotations

import threading
import time

from app.capture.pacer import Pacer, Ticker
from tests.quiet_clock import quiet_s


def test_a_ticker_skips_what_it_missed() -> None:
    ticker = Ticker(50.0)
    first = [ticker.tick() for _ in range(3)]
    assert first == [0.0, 0.02, 0.04]
    time.sleep(0.2)
    late = ticker.tick()
    assert late is not None
    assert late >= 0.2
    ticker.interrupt()
    assert ticker.tick() is None


def test_a_pacer_never_waits_for_the_past() -> None:
    pacer = Pacer()
    begun = quiet_s()
    assert pacer.wait(5.0)
    assert pacer.wait(5.0)
    assert pacer.wait(1.0)
    assert quiet_s() - begun < 0.2


def test_a_wait_that_is_skipped_is_the_only_one() -> None:
    pacer = Pacer()
    assert pacer.wait(0.0)
    assert pacer.wait(0.01)
    threading.Timer(0.1, pacer.skip).start()
    began = time.monotonic()
    assert not pacer.wait(60.0)
    assert time.monotonic() - began < 5.0
    assert pacer.wait(0.02)
    assert not pacer.interrupted
