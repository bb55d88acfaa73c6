"""A decoder that dies, hangs or is never asked."""

from __future__ import annotations

import os
import signal
import time

import pytest

from app.capture.decoder_messages import Picture, Recipe
from app.capture.decoder_process import DecoderProcess
from core.errors import SourceError
from tests.quiet_clock import lost_s, quiet_s
from tests.waiting import PATIENCE_S, until

psutil = pytest.importorskip("psutil")
pytest.importorskip("av")

PATTERN = Recipe("pattern", "testsrc2=size=64x48:rate=20,realtime", "lavfi", live=True)


def child() -> int:
    found = [process for process in psutil.Process().children() if "spawn_main" in " ".join(process.cmdline())]
    assert len(found) == 1
    return found[0].pid


def test_it_opens_and_gives_ever_newer_pictures() -> None:
    decoder = DecoderProcess(PATTERN)
    opened = decoder.open()
    assert opened is not None
    assert not opened.stored
    numbers = [0]
    before = lost_s()
    ends = time.monotonic() + PATIENCE_S
    while len(numbers) <= 20:
        assert time.monotonic() < ends
        answer = decoder.newest(numbers[-1])
        if isinstance(answer, Picture):
            assert time.monotonic() - answer.seconds < 0.5 + lost_s() - before
            numbers.append(answer.number)
    decoder.close()
    assert numbers == sorted(set(numbers))


def test_its_death_is_a_lost_source() -> None:
    decoder = DecoderProcess(PATTERN)
    decoder.open()
    os.kill(child(), signal.SIGSEGV)
    with pytest.raises(SourceError, match="its decoder crashed on these data"):
        until(lambda: decoder.newest(1_000_000), "it goes on")
    decoder.close()


def test_one_that_hangs_is_given_up_and_ended() -> None:
    decoder = DecoderProcess(PATTERN)
    decoder.open()
    process = child()
    os.kill(process, signal.SIGSTOP)
    with pytest.raises(SourceError, match="its decoder hangs"):
        decoder.newest(0, patience_s=0.5)
    begun = quiet_s()
    decoder.close()
    assert quiet_s() - begun < 1.0
    assert not psutil.pid_exists(process)


def test_it_writes_no_file_and_has_a_limit_of_memory() -> None:
    decoder = DecoderProcess(PATTERN)
    decoder.open()
    limits = psutil.Process(child())
    assert limits.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert 0 < limits.rlimit(psutil.RLIMIT_AS)[1] <= 8 << 30
    decoder.close()
    decoder.close()
