"""Pictures as GStreamer hands them on; whole streams are tested in test_shared_screen.py."""

from __future__ import annotations

import socket
import subprocess
import time
from typing import Any

import numpy as np
import pytest

from app.capture.pipewire_pictures import CodedPicture, PipeWirePictures, missing_parts, rgb

pytestmark = pytest.mark.real
SIZES = ((64, 48), (31, 25))
REAL = subprocess.Popen


def card(size: tuple[int, int]) -> list[str]:
    """Three red pictures of that size, as a branch of a pipeline."""
    source = ["videotestsrc", "num-buffers=3", "pattern=solid-color", "foreground-color=0xffff0000", "!"]
    return [*source, f"video/x-raw,format=BGRx,width={size[0]},height={size[1]},framerate=10/1", "!", "c."]


@pytest.fixture
def without_pipewire(monkeypatch: pytest.MonkeyPatch) -> None:
    """GStreamer's own pictures in the place of PipeWire's, of one size and then of another."""

    def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        at = command.index("pipewiresrc")
        rest = command[command.index("videoconvert") :]
        cards = [word for size in SIZES for word in card(size)]
        return REAL([*command[:at], "concat", "name=c", "!", *rest, *cards], **options)

    if missing_parts():
        pytest.skip("needs gst-launch-1.0 (Debian: gstreamer1.0-tools gstreamer1.0-plugins-good)")
    monkeypatch.setattr(subprocess, "Popen", start)


def test_a_window_may_change_its_size(without_pipewire: None) -> None:
    ours, theirs = socket.socketpair()
    pictures = PipeWirePictures(theirs.detach(), 1, 10.0)
    seen: dict[int, CodedPicture] = {}
    end = time.monotonic() + 30
    while not pictures.ended and time.monotonic() < end:
        if (newest := pictures.newest) is not None:
            seen[newest.number] = newest
    pictures.close()
    ours.close()
    last = pictures.newest
    assert last is not None
    assert last.number == 2 * 3
    shapes = {rgb(picture).shape for picture in (*seen.values(), last)}
    assert (25, 31, 3) in shapes
    assert np.abs(rgb(last).astype(int) - (255, 0, 0)).max() <= 8  # at the odd edge of a JPEG
