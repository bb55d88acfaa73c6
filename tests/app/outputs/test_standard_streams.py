"""stdout and stderr of a program that was started without them; what a recording makes of that: tests/faults."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, sys
from app.outputs.standard_streams import ensure_open, to_stderr, to_stdout
ensure_open()
to_stdout("said")
to_stderr("told")
opened = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
os.write(opened, b"%d %s" % (opened, b"read" if sys.stdin.read() == "" else b""))
"""


def test_no_file_is_taken_for_a_stream_that_was_closed(tmp_path: Path, checkout: Path) -> None:
    command = f"'{sys.executable}' -c '{SCRIPT}' '{tmp_path / 'file'}' <&- >&- 2>&-"
    assert subprocess.run(["bash", "-c", command], cwd=checkout, timeout=60, check=False).returncode == 0
    number, read = (tmp_path / "file").read_text().split()
    assert int(number) > 2
    assert read == "read"
