"""A sentence in a voice that is really heard, by a program of its own: ALSA reads its settings once."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.outputs.flite_voice import FliteVoice
from core.errors import OutputError
from tests.sound_server import SoundServer

PROGRAM = """
from PySide6.QtCore import QCoreApplication, Qt
from app.outputs.speech import SpeechOptions
from app.window.voice_sample import VoiceSample
application = QCoreApplication([])
sample = VoiceSample()
told = []
sample.ended.connect(lambda problem: (told.append(problem), application.quit()), Qt.ConnectionType.QueuedConnection)
sample.start(SpeechOptions(voice="rms"))
application.exec()
sample.close()
assert not sample.busy
print(told)
"""


@pytest.mark.real
def test_a_sentence_is_heard(tmp_path: Path, checkout: Path) -> None:
    try:
        FliteVoice("rms")
    except OutputError as error:
        pytest.skip(str(error))
    server = SoundServer(tmp_path / "sound")
    server.start()
    began = time.monotonic()
    try:
        command = [sys.executable, "-c", PROGRAM]
        environment = {**server.own_environment, "PYTHONPATH": str(checkout)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)
        assert done.stdout.strip() == "['']", done.stderr
        assert 1.0 < server.seconds_heard(began) < 6.0
    finally:
        server.stop()
