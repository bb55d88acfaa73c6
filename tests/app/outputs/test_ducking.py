"""Other programs are quieter while the voice speaks, and never for good: a real player, a real sound server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.outputs.ducking import Ducking
from app.outputs.flite_voice import FliteVoice
from core.errors import OutputError, UsageError
from tests.sound_server import SoundServer
from tests.waiting import until


class Player:
    """Another program, which plays without end."""

    def __init__(self, sound_server: SoundServer) -> None:
        self._server = sound_server
        play = ["pacat", "--raw", "--rate=16000", "--channels=2", "--format=s16le", "--client-name=game"]
        self._process = subprocess.Popen(play, env=sound_server.own_environment, stdin=subprocess.PIPE)
        assert self._process.stdin is not None
        self._process.stdin.write(np.zeros(60 * 32_000, np.int16).tobytes()[: 1 << 16])
        self._process.stdin.flush()
        until(self._streams, "the player")
        self.set("60%")

    def _streams(self) -> list[dict]:
        listed = subprocess.run(
            ["pactl", "-f", "json", "list", "sink-inputs"], env=self._server.own_environment, capture_output=True
        ).stdout
        return [s for s in json.loads(listed or "[]") if s["properties"].get("application.name") == "game"]

    def set(self, volume: str) -> None:
        index = str(self._streams()[0]["index"])
        subprocess.run(["pactl", "set-sink-input-volume", index, volume], env=self._server.own_environment, check=True)

    def volume(self) -> int:
        """In percent."""
        (stream,) = self._streams()
        levels = {channel["value_percent"] for channel in stream["volume"].values()}
        (level,) = levels
        return int(level.rstrip("%"))

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def player(sound_server: SoundServer) -> Iterator[Player]:
    player = Player(sound_server)
    yield player
    player.close()


@pytest.mark.real
def test_others_are_lowered_and_come_back(player: Player) -> None:
    ducking = Ducking(0.5)
    ducking.set_lowered(True)
    until(lambda: player.volume() == 30, "the lowering")
    ducking.set_lowered(False)
    ducking.set_lowered(True)  # the next sentence
    time.sleep(1.0)
    assert player.volume() == 30
    ducking.set_lowered(False)
    until(lambda: player.volume() == 60, "the raising")
    ducking.set_lowered(True)
    until(lambda: player.volume() == 30, "the lowering")
    ducking.close(5.0)
    assert player.volume() == 60


@pytest.mark.real
def test_what_somebody_else_has_changed_stays(player: Player) -> None:
    ducking = Ducking(0.5)
    ducking.set_lowered(True)
    until(lambda: player.volume() == 30, "the lowering")
    player.set("80%")
    ducking.close(5.0)
    assert player.volume() == 80


SPEAKER = """
import sys, time
from app.outputs.output_kind import StreamRun
from app.outputs.speech import SpeechOptions, SpeechOutput
from core.config import resolve
from core.messages import Line
if __name__ == "__main__":
    run = StreamRun("a", "a", resolve({}), lambda message: None, lambda line: None)
    output = SpeechOutput(SpeechOptions(duck=0.5, max_age_s=60), run)
    time.sleep(1.5)
    text = "Harbour win the ball in their own half and look up. " * 8
    output.handle(Line(0, 0, 1, text, time.monotonic(), time.monotonic()))
    sys.stdin.read()
"""


@pytest.mark.real
def test_a_voice_that_is_killed_leaves_nobody_lowered(
    player: Player, sound_server: SoundServer, tmp_path: Path
) -> None:
    try:
        FliteVoice("slt")
    except OutputError as error:
        pytest.skip(str(error))
    script = tmp_path / "speaker.py"
    script.write_text(SPEAKER)
    environment = {**sound_server.own_environment, "PYTHONPATH": str(Path(__file__).parents[3])}
    program = subprocess.Popen([sys.executable, str(script)], env=environment, stdin=subprocess.PIPE)
    try:
        until(lambda: player.volume() == 30, "the lowering")
        until(lambda: sound_server.heard_since(0), "the voice")
    finally:
        program.kill()
        program.communicate()
    until(lambda: player.volume() == 60, "the raising")


def test_without_pactl_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(OutputError, match="apt install pulseaudio-utils"):
        Ducking(0.5)


def test_a_share_is_from_nothing_to_all() -> None:
    from app.outputs.speech import SpeechOptions

    with pytest.raises(UsageError, match=r"duck is from 0\.0 to 1\.0, not 2"):
        SpeechOptions(duck=2)
