"""What a machine plays, recorded beside its pictures: a real sound server, real tones, a real file."""

from __future__ import annotations

import subprocess
import threading
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from app.capture.live_sound import LiveSound
from app.outputs.video import VideoRecording
from app.outputs.video_options import VideoOptions
from core.errors import SourceError, UsageError
from core.messages import Failure, SessionFolder
from core.types import Frame
from tests.sound_film import heard, titles
from tests.sound_server import SoundServer

RATE = 48_000
TONE_S = 0.5
OFF_S = 0.1
"""The recording, what the test hears and the server's own delay, together."""


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    samples = 12_000 * np.sin(2 * np.pi * 440 * np.arange(int(TONE_S * RATE)) / RATE)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.astype(np.int16).tobytes())
    return path


def play_at(moment: float, tone: Path, server: SoundServer) -> threading.Thread:
    """At that monotonic second, or soon after."""

    def play() -> None:
        time.sleep(max(0.0, moment - time.monotonic()))
        subprocess.run(["paplay", str(tone)], env=server.own_environment, check=True)

    thread = threading.Thread(target=play)
    thread.start()
    return thread


def test_what_is_heard_is_at_its_second_and_a_pause_is_silent(
    tmp_path: Path, sound_server: SoundServer, tone: Path
) -> None:
    """Pictures come for 3 s, then none for 3 s, as while a private window can be seen; then again. A tone in each."""
    told: list[object] = []
    recording = VideoRecording(VideoOptions(sound="desktop"), told.append)
    recording.handle(SessionFolder(str(tmp_path)))
    began = time.monotonic()
    players = [play_at(began + at, tone, sound_server) for at in (1.2, 4.0, 7.2)]
    for number in range(92):
        at = number / 10
        time.sleep(max(0.0, began + at - time.monotonic()))
        if not 3.0 < at < 6.0:
            recording.take(Frame(np.zeros((90, 160, 3), np.uint8), began + at, at), at)
    recording.close()
    for player in players:
        player.join()
    assert not told
    assert titles(tmp_path / "video.mkv") == ["Desktop"]
    played = [sound_server.heard_since(began + at) for at in (1.2, 7.2)]
    found = heard(tmp_path / "video.mkv", 0)
    assert [start for start, _ in found] == pytest.approx([at - began for at in played if at], abs=OFF_S)
    assert [end - start for start, end in found] == pytest.approx([TONE_S, TONE_S], abs=0.05)


def test_a_server_that_dies_is_told_and_the_pictures_go_on(tmp_path: Path, sound_server: SoundServer) -> None:
    told: list[object] = []
    recording = VideoRecording(VideoOptions(sound="microphone"), told.append)
    recording.handle(SessionFolder(str(tmp_path)))
    began = time.monotonic()
    for number in range(25):
        recording.take(Frame(np.zeros((90, 160, 3), np.uint8), time.monotonic(), number / 10), number / 10)
        if number == 10:
            sound_server.stop()
        time.sleep(0.1)
    recording.close()
    assert time.monotonic() - began < 10
    (failure,) = told
    assert isinstance(failure, Failure)
    assert failure.title == "The sound was lost"
    assert recording.frames_written == 25


def test_where_it_cannot_be_heard_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match="needs parec"):
        LiveSound("desktop")
    with pytest.raises(UsageError, match="live alone"):
        VideoRecording(VideoOptions(sound="desktop"), lambda message: None, waits=True)
