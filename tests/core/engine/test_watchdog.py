"""What counts as hanging, on a real process where one is looked at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from core.engine.watchdog import HELD_UP_S, LOADING, ROUND, SLICE_S, STARVED_S, Patience, Watchdog, can_run
from tests.waiting import until


def pass_time(watchdog: Watchdog, seconds: float) -> None:
    for _ in range(round(seconds / SLICE_S)):
        watchdog.pass_time(SLICE_S)


def test_silence_is_hanging_and_a_heartbeat_with_progress_is_not() -> None:
    watchdog = Watchdog(ROUND, None)
    for beat in range(20):
        pass_time(watchdog, 1.0)
        watchdog.hear(float(beat))
        assert not watchdog.hangs()
    pass_time(watchdog, ROUND.silent_s)
    assert watchdog.hangs()


def test_heartbeats_without_progress_are_hanging_in_a_round() -> None:
    watchdog = Watchdog(ROUND, None)
    for _ in range(9):
        pass_time(watchdog, 0.5)
        watchdog.hear(1.0)
    assert watchdog.hangs()


def test_in_a_hurry_a_silence_is_hanging_sooner() -> None:
    watchdog = Watchdog(ROUND, None)
    pass_time(watchdog, 1.0)
    assert not watchdog.hangs()
    watchdog.hurry()
    assert watchdog.hangs()


def test_a_message_is_progress() -> None:
    watchdog = Watchdog(ROUND, None)
    for _ in range(20):
        pass_time(watchdog, 3.0)
        watchdog.note_message()
        assert not watchdog.hangs()


def test_a_round_without_end_is_hanging() -> None:
    watchdog = Watchdog(Patience(silent_s=4, busy_s=4, total_s=10), None)
    for beat in range(21):
        pass_time(watchdog, 0.5)
        watchdog.hear(float(beat))
    assert watchdog.hangs()


def test_time_in_which_this_process_was_stopped_itself_does_not_count() -> None:
    watchdog = Watchdog(ROUND, None)
    watchdog.pass_time(3600.0)
    assert not watchdog.hangs()
    pass_time(watchdog, ROUND.silent_s - HELD_UP_S)
    assert watchdog.hangs()


@pytest.fixture
def busy() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield process
    process.kill()
    process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="states of threads are told by Linux alone")
def test_a_process_that_could_run_but_gets_no_processor_does_not_hang(busy: subprocess.Popen[bytes]) -> None:
    watchdog = Watchdog(ROUND, busy.pid)
    pass_time(watchdog, STARVED_S)
    assert not watchdog.hangs()
    pass_time(watchdog, SLICE_S)
    assert watchdog.hangs()


@pytest.mark.skipif(sys.platform != "linux", reason="states of threads are told by Linux alone")
def test_a_process_that_computes_and_gives_no_sign_hangs_in_a_round(busy: subprocess.Popen[bytes]) -> None:
    watchdog = Watchdog(ROUND, busy.pid)
    pass_time(watchdog, 2 * SLICE_S)
    assert not watchdog.hangs()
    pass_time(watchdog, ROUND.silent_s)
    until(watchdog.hangs, "it used its time")
    assert sum(psutil.Process(busy.pid).cpu_times()[:2]) >= ROUND.busy_s


@pytest.mark.skipif(sys.platform != "linux", reason="states of threads are told by Linux alone")
def test_while_it_loads_a_busy_process_may_be_silent_and_a_stopped_one_may_not(busy: subprocess.Popen[bytes]) -> None:
    watchdog = Watchdog(LOADING, busy.pid)
    for _ in range(20):
        pass_time(watchdog, 1.0)
        time.sleep(0.1)
        assert not watchdog.hangs()
    os.kill(busy.pid, signal.SIGSTOP)
    until(lambda: not can_run(busy.pid), "it is stopped")
    assert watchdog.hangs()
