from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from core.data.progress import progress

SCRIPT = """
from core.data.progress import progress
with progress("check", 3) as advance:
    for name in ("[red]a.mp4", "b" * 200, "c.mp4"):
        advance(name)
"""


def test_a_line_for_each_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("check", 2) as advance:
        advance("a.mp4")
        advance("b.mp4: no_audio")
    told = capsys.readouterr()
    assert told.err == "check 1 of 2: a.mp4\ncheck 2 of 2: b.mp4: no_audio\n"
    assert told.out == ""


def test_a_bar_on_a_terminal(plain_environment: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    environment = {**plain_environment, "TERM": "xterm-256color", "COLUMNS": "100"}
    try:
        subprocess.run([sys.executable, "-c", SCRIPT], env=environment, stderr=theirs, check=True, timeout=60)
    finally:
        os.close(theirs)
    told = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "3/3" in told
    assert "\u2501" in told  # the bar itself
    assert "c.mp4" in told
