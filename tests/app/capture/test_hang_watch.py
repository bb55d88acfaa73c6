"""What counts as a decoder that hangs, on real processes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pipe

import pytest

from app.capture.hang_watch import OPENS_AN_ADDRESS, READS_A_FILE, READS_AN_ADDRESS, SILENT_S, HangWatch, is_stopped
from core.engine.watchdog import SLICE_S
from tests.quiet_clock import quiet_s
from tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="told from /proc")


@pytest.fixture
def waiting() -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits for what never comes."""
    with subprocess.Popen([sys.executable, "-c", "import time; print(flush=True); time.sleep(1000)"], stdout=-1) as one:
        assert one.stdout is not None
        one.stdout.readline()
        yield one
        one.kill()


def test_one_that_waits_hangs_where_it_reads_a_file(waiting: subprocess.Popen[bytes]) -> None:
    mine, theirs = Pipe()
    begun = quiet_s()
    assert HangWatch(READS_A_FILE, waiting.pid).wait([mine]) == []
    assert quiet_s() - begun < SILENT_S + 3 * SLICE_S
    theirs.send(1)
    assert HangWatch(READS_A_FILE, waiting.pid).wait([mine]) == [mine]
    mine.close()
    theirs.close()


def test_one_that_waits_for_its_server_does_not_and_a_stopped_one_does(waiting: subprocess.Popen[bytes]) -> None:
    patient = [HangWatch(patience, waiting.pid) for patience in (OPENS_AN_ADDRESS, READS_AN_ADDRESS)]
    ends = time.monotonic() + SILENT_S + 1.0
    while time.monotonic() < ends:
        assert not any(watch.hangs() for watch in patient)
        time.sleep(0.2)
    assert not is_stopped(waiting.pid)
    waiting.send_signal(signal.SIGSTOP)
    until(lambda: is_stopped(waiting.pid), "it stops")
    assert all(watch.hangs() for watch in patient)
    waiting.kill()
    waiting.wait()
    assert not is_stopped(waiting.pid)


def test_time_in_which_nobody_looked_counts_little(waiting: subprocess.Popen[bytes]) -> None:
    watch = HangWatch(READS_A_FILE, waiting.pid)
    time.sleep(SILENT_S + 0.5)
    assert not watch.hangs()
