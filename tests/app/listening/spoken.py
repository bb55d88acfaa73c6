"""A question asked aloud into a sound server whose sink is the microphone, too."""

from __future__ import annotations

import subprocess

import pytest

from app.outputs.flite_voice import FliteVoice
from core.errors import OutputError
from tests.sound_server import SoundServer


def ask_aloud(server: SoundServer, question: str) -> None:
    """Returns when it has been said."""
    try:
        samples = FliteVoice("rms").speak(question)
    except OutputError as error:
        pytest.skip(str(error))
    play = ["pacat", "--raw", "--rate=16000", "--channels=1", "--format=s16le"]
    subprocess.run(play, env=server.own_environment, input=samples.tobytes(), check=True)
