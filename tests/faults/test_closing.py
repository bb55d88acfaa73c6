"""What is closed while all its children are stopped ends in time, and in order; nothing of it stays.

COURTSIDE_CLOSINGS says how often each is tried.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from app.folders import CRASH_FILE
from app.session.events import read_session
from tests.faults.virtual_x import running_x
from tests.faults.watched import Watched
from tests.quiet_clock import lost_s
from tests.sound_film import write_film
from tests.waiting import until

CLOSINGS = int(os.environ.get("COURTSIDE_CLOSINGS", "1"))
WITHIN_S = 3.0
PATIENCE_S = 120.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="stops processes, and asks which are")


def stopped_children(process_id: int) -> list[psutil.Process]:
    """All of them."""
    children = psutil.Process(process_id).children(recursive=True)
    for child in children:
        child.send_signal(signal.SIGSTOP)
    until(lambda: all(child.status() == psutil.STATUS_STOPPED for child in children), "they are stopped")
    return children


def assert_closes(process: subprocess.Popen[str], ending: signal.Signals) -> None:
    """In time, where the machine lets it; prints how long that took by the clock."""
    children = stopped_children(process.pid)
    before = lost_s()
    begun = time.monotonic()
    process.send_signal(ending)
    assert process.wait(PATIENCE_S) == 0
    took = time.monotonic() - begun
    print(f"{len(children)} children stopped, {ending.name}: closed after {took:.2f} s", flush=True)
    assert took < WITHIN_S + lost_s() - before
    _, left = psutil.wait_procs(children, timeout=3)
    assert not left


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("number", range(CLOSINGS))
def test_a_recorded_film_whose_children_are_all_stopped_is_closed_in_time(
    ending: signal.Signals, number: int, tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    film = write_film(tmp_path / "film.mp4", 60.0, [(2.0, 50.0)])
    words = (str(film), "--session", str(tmp_path / "sessions"), "--record", "--page", "0")
    own = {**plain_environment, "COURTSIDE_CONFIG_DIR": str(tmp_path / "config")}
    with Watched(*words, environment=own, checkout=checkout) as watched:
        watched.wait_for("stats", PATIENCE_S)
        time.sleep(number % 10 / 10)  # in a round, and between two
        assert_closes(watched.process, ending)
    (folder,) = (tmp_path / "sessions").iterdir()
    assert not read_session(folder).is_broken_off
    assert (tmp_path / "config" / CRASH_FILE).read_text() == ""  # an engine that was ended is none that crashed


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
@pytest.mark.parametrize("number", range(CLOSINGS))
def test_a_window_whose_children_are_all_stopped_is_closed_in_time(
    number: int, tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    sessions = tmp_path / "sessions"
    with running_x() as (display, _):
        own = {"DISPLAY": display, "COURTSIDE_CONFIG_DIR": str(tmp_path), "COURTSIDE_SESSIONS_DIR": str(sessions)}
        window = subprocess.Popen(
            [sys.executable, "-m", "app"], env={**plain_environment, **own}, cwd=checkout, text=True
        )
        try:
            until(lambda: any('"stats"' in one.read_text() for one in sessions.glob("*/events.jsonl")), "it speaks")
            time.sleep(number % 10 / 10)
            assert_closes(window, signal.SIGTERM)
        finally:
            window.kill()
            window.wait()
