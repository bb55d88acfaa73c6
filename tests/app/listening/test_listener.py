"""A question that is spoken into a real sound server and understood: flite asks, PocketSphinx listens."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from app.listening.listener import Listener, Told
from app.listening.listener_process import OPEN, Heard, Trouble, at_rate
from tests.app.listening.spoken import ask_aloud
from tests.sound_server import SoundServer
from tests.waiting import until

QUESTION = "Which team is winning?"


@pytest.fixture
def told() -> list[Told]:
    return []


@pytest.fixture
def listener(told: list[Told]) -> Iterator[Listener]:
    pytest.importorskip("pocketsphinx")
    listener = Listener(told.append)
    yield listener
    listener.close()


@pytest.mark.real
def test_a_spoken_question_is_understood(sound_server: SoundServer, listener: Listener, told: list[Told]) -> None:
    for question in (QUESTION, "Who has the ball?"):
        told.clear()
        listener.begin()
        until(lambda: told, "the microphone")
        assert told == [OPEN]
        ask_aloud(sound_server, question)
        time.sleep(0.3)
        ended = time.monotonic()
        listener.end()
        until(lambda: len(told) == 2, "the words")
        print(f"understood after {time.monotonic() - ended:.2f} s: {told[1]}")
        assert isinstance(told[1], Heard)
        assert told[1].text == question.lower().rstrip("?")


@pytest.mark.real
def test_nothing_said_is_nothing_heard(sound_server: SoundServer, listener: Listener, told: list[Told]) -> None:
    listener.begin()
    until(lambda: told, "the microphone")
    listener.begin()  # a second key: it is open already
    listener.end()
    until(lambda: len(told) == 2, "the end")
    listener.end()
    assert isinstance(told[1], Heard)
    assert told[1].text == ""


@pytest.mark.real
def test_a_microphone_that_is_not_there_is_told_and_may_come(
    sound_server: SoundServer, listener: Listener, told: list[Told]
) -> None:
    listener.begin("no such thing")
    until(lambda: told, "the trouble")
    assert isinstance(told[0], Trouble)
    assert told[0].why.startswith("“no such thing” is none of the microphones: ")
    listener.begin()
    until(lambda: told[1:] == [OPEN], "the microphone")


def test_without_sound_it_is_told(
    listener: Listener, told: list[Told], monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(tmp_path))
    monkeypatch.setenv("ALSA_CONFIG_PATH", "/dev/null")  # no device of this machine either
    listener.begin()
    listener.end()
    until(lambda: told, "the trouble")
    assert isinstance(told[0], Trouble)


def test_another_rate_is_made_the_recognisers() -> None:
    import numpy as np

    ramp = np.arange(0, 4800, dtype=np.int16)
    assert at_rate(ramp, 16_000) is ramp
    assert at_rate(ramp, 48_000).tolist() == ramp[::3].tolist()
