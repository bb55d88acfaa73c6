"""A D-Bus session bus of our own, with nothing on it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def session_bus(folder: Path) -> Iterator[str]:
    """Its address. Skips the test where there is no D-Bus."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("needs dbus-daemon (Debian: dbus-daemon)")
    address = f"unix:path={folder}/bus"
    configuration = folder / "bus.conf"
    configuration.write_text(
        f"<busconfig><type>session</type><listen>{address}</listen><auth>EXTERNAL</auth><policy context='default'>"
        "<allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>"
    )
    command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout is not None
    try:
        yield daemon.stdout.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait(10)
        daemon.stdout.close()
