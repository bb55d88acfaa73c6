"""Whatever `--say` names, somebody speaks, and it is told once when that is flite instead."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from app.outputs.flite_voice import FliteVoice
from app.outputs.voice import open_voice
from core.errors import OutputError, UsageError
from core.messages import Failure, Message
from tests.hub_server import hub_on_this_machine
from tests.neural_voices import write_voice
from tests.waiting import until

pytest.importorskip("sherpa_onnx")
LINE = "Harbour win the ball."


@pytest.fixture(autouse=True)
def flite() -> None:
    try:
        FliteVoice("slt")
    except OutputError as error:
        pytest.skip(str(error))


def titles(told: list[Message]) -> list[str]:
    return [message.title for message in told if isinstance(message, Failure) and not message.fatal]


def test_a_name_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    for name in ("bob", str(tmp_path / "nowhere"), "a/b/c"):
        with pytest.raises(UsageError, match="is none of slt, rms, awb, kal16, a folder"):
            open_voice(name, 0, 1.0, print)


def test_a_folder_without_a_voice_leaves_flite(tmp_path: Path) -> None:
    told: list[Message] = []
    voice = open_voice(str(tmp_path), 0, 1.0, told.append)
    assert len(voice.speak(LINE)) > voice.sample_rate
    (failure,) = told
    assert isinstance(failure, Failure)
    assert failure.message.endswith("as sherpa-onnx has them. flite's slt speaks instead.")


def test_flite_goes_on_where_a_neural_voice_ends(tmp_path: Path) -> None:
    folder = write_voice(tmp_path / "voice", "vits", sample_rate="22050")
    told: list[Message] = []
    voice = open_voice(str(folder), 0, 1.0, told.append)
    try:
        before = voice.speak(LINE)
        assert (voice.sample_rate, told) == (22_050, [])
        os.kill(voice.pid, signal.SIGKILL)
        until(lambda: voice.speak(LINE) is not None and told, "flite")
        after = voice.speak(LINE)
    finally:
        voice.close()
    assert titles(told) == ["The neural voice has ended"]
    assert len(after) == pytest.approx(len(FliteVoice("slt").speak(LINE)) * 22_050 / 16_000, rel=0.03)
    assert not np.array_equal(before[:1000], after[:1000])


def test_one_on_the_hub_is_fetched_beside_the_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_voice(tmp_path / "made", "vits")
    files = {path.name: path.read_bytes() for path in folder.iterdir()} | {"evil.py": b"never fetched"}
    told: list[Message] = []
    with hub_on_this_machine({"someone/voice": {"main": files}}, tmp_path / "cache", monkeypatch) as hub:
        voice = open_voice("someone/voice", 0, 1.0, told.append)
        assert len(voice.speak(LINE)) > voice.sample_rate
        until(lambda: len(told) == 2, "the voice")
        voice.close()
        assert titles(told) == ["The voice is being fetched", "The voice is here"]
        assert not any("evil" in asked for asked in hub.asked)
        asked = len(hub.asked)
        voice = open_voice("someone/voice", 0, 1.0, told.append)
        voice.speak(LINE)
        voice.close()
        assert (len(told), len(hub.asked)) == (2, asked)


def test_a_repository_without_a_voice_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Message] = []
    repos = {"someone/else": {"main": {"config.json": b"{}"}}}
    with hub_on_this_machine(repos, tmp_path / "cache", monkeypatch):
        voice = open_voice("someone/else", 0, 1.0, told.append)
        until(lambda: told, "the failure")
        voice.close()
    assert titles(told) == ["Nothing usable there"]
