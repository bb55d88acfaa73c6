"""A child that has been stopped is gone with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has the call")

FAMILY = """
import os, signal, sys
from core.parent_process import end_with_parent
parent = os.getpid()
if os.fork() == 0:
    end_with_parent(parent)
    print(os.getpid(), flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    sys.exit("went on")
signal.pause()
"""


def _is_alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_stopped_child_ends_with_a_killed_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE, env={**os.environ}) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _is_alive(child)
        parent.send_signal(signal.SIGKILL)
    until(lambda: not _is_alive(child), "it lives")


HELPER = """
import multiprocessing, os, signal
from multiprocessing import resource_tracker
from core.parent_process import end_resource_tracker
end_resource_tracker()  # there is none
if __name__ == "__main__":
    resource_tracker.ensure_running()
    helper = resource_tracker._resource_tracker._pid
    os.kill(helper, signal.SIGSTOP)
    print(helper, flush=True)
    end_resource_tracker()
"""


def test_the_helper_of_multiprocessing_is_gone_even_when_it_was_stopped() -> None:
    done = subprocess.run([sys.executable, "-c", HELPER], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    until(lambda: not _is_alive(int(done.stdout)), "it lives")


def test_a_terminal_that_closes_ends_us_unless_that_is_to_be_survived() -> None:
    asked = [sys.executable, "-c", "from core.parent_process import ending_signals; print(len(ending_signals()))"]
    told = subprocess.run(["env", "--default-signal=HUP", *asked], capture_output=True, text=True, check=True)
    assert told.stdout == "3\n"
    assert subprocess.run(["nohup", *asked], capture_output=True, text=True, check=True).stdout == "2\n"
