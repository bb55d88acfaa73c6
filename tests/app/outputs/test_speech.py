"""Speech that is really heard: flite, PortAudio, PulseAudio, and what its sink recorded."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.outputs.flite_voice import FliteVoice, plain
from app.outputs.output_kind import StreamRun
from app.outputs.speech import SpeechOptions, SpeechOutput
from app.outputs.speech_player import adapted
from core.config import resolve
from core.errors import OutputError, UsageError
from core.messages import Ask, Cleared, CommandSent, Line, Message
from core.output_messages import SpeechSwitched, Spoken, Unspoken
from tests.neural_voices import RATE, write_voice
from tests.sound_server import SoundServer
from tests.waiting import until

LINE = "Harbour win the ball in their own half and look up."
Opened = Callable[..., tuple[SpeechOutput, list[Message]]]


def line(number: int, text: str = LINE, age_s: float = 0.0) -> Line:
    return Line(number, number, number + 1, text, time.monotonic() - age_s, time.monotonic())


@pytest.fixture(scope="module")
def voice() -> FliteVoice:
    try:
        return FliteVoice("slt")
    except OutputError as error:
        pytest.skip(str(error))


def test_a_voice_begins_at_once_and_takes_as_long_as_it_should(voice: FliteVoice) -> None:
    samples = voice.speak(LINE)
    assert 1.5 < len(samples) / voice.sample_rate < 4
    assert np.abs(samples[: voice.sample_rate // 20]).max() > 300
    quick = FliteVoice("slt", rate=2.0).speak(LINE)
    assert len(quick) < 0.6 * len(samples)
    assert len(voice.speak(LINE)) == pytest.approx(len(samples), rel=0.02)  # one's rate is not another's


def test_what_it_cannot_read_is_silence(voice: FliteVoice) -> None:
    assert plain("Åse, naïve 進球") == b"Ase, naive "
    assert len(voice.speak("進球")) == 0


def test_an_unknown_voice_or_number_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="none of slt"):
        FliteVoice("bob")
    with pytest.raises(UsageError, match=r"rate is from 0\.5 to 3\.0, not 9"):
        SpeechOptions(rate=9)


def test_sound_is_adapted_to_the_device() -> None:
    tone = np.full(160, 20_000, np.int16)
    assert adapted(tone, 16_000, 16_000, 0.5).tolist() == [[10_000]] * 160
    assert adapted(tone, 16_000, 48_000, 4.0).shape == (480, 1)
    assert adapted(tone, 16_000, 48_000, 4.0).max() == 32_767


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    server = SoundServer(tmp_path_factory.mktemp("sound"))
    before = {name: os.environ.get(name) for name in server.environment}
    try:
        server.start()
        os.environ.update(server.environment)
        yield server
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        server.stop()


@pytest.fixture
def spoken() -> list[Spoken]:
    """What was heard, as the outputs of `opened` tell it."""
    return []


@pytest.fixture
def opened(voice: FliteVoice, spoken: list[Spoken]) -> Iterator[Opened]:
    """A speaking output, and what else it told."""
    outputs: list[SpeechOutput] = []

    def open_(**options: object) -> tuple[SpeechOutput, list[Message]]:
        told: list[Message] = []

        def emit(message: Message) -> None:
            if isinstance(message, Spoken):
                spoken.append(message)
            else:
                told.append(message)

        run = StreamRun("arena", "arena", resolve({}), emit, lambda line: None)
        outputs.append(SpeechOutput(SpeechOptions(**options), run))
        return outputs[-1], told

    yield open_
    for output in outputs:
        output.close()


@pytest.mark.real
def test_a_line_is_heard_within_three_tenths_of_a_second(server: SoundServer, opened: Opened) -> None:
    output, told = opened()
    output.handle(line(0, "Ready."))
    until(lambda: server.heard_since(0), "the first word")
    delays = []
    for number in range(1, 6):
        time.sleep(2.0)
        said = time.monotonic()
        output.handle(line(number, "Harbour win the ball in midfield."))
        until(lambda said=said: server.heard_since(said), "the line")
        delays.append(server.heard_since(said) - said)
        time.sleep(1.5)
    print("heard after", " ".join(f"{delay:.3f}" for delay in delays), "s")
    assert statistics.median(delays) < 0.3
    assert told == [SpeechSwitched(True)]


@pytest.mark.real
def test_what_is_heard_is_told_with_its_moment(
    server: SoundServer, opened: Opened, spoken: list[Spoken], voice: FliteVoice
) -> None:
    output, _ = opened()
    output.handle(line(0, "Ready."))
    until(lambda: server.heard_since(0), "the first word")
    time.sleep(2.0)
    said = time.monotonic()
    output.handle(line(1, LINE))
    until(lambda: server.heard_since(said), "the line")
    assert [(heard.round, heard.sample_rate) for heard in spoken] == [(0, 16_000), (1, 16_000)]
    assert len(spoken[1].samples) / 2 == pytest.approx(len(voice.speak(LINE)), rel=0.02)
    assert spoken[1].at == pytest.approx(server.heard_since(said), abs=0.15)
    output.handle(Cleared())
    until(lambda: len(spoken) == 3, "the silence")
    assert (spoken[2].round, spoken[2].samples) == (1, b"")


@pytest.mark.real
def test_panic_silences_the_middle_of_a_word_and_late_lines_are_counted(server: SoundServer, opened: Opened) -> None:
    output, told = opened()
    said = time.monotonic()
    output.handle(line(0, f"{LINE} {LINE} {LINE}"))
    output.handle(line(1, "Too old to be said.", age_s=30))
    until(lambda: server.heard_since(said), "the line")
    time.sleep(0.3)
    output.handle(Cleared())
    time.sleep(0.4)
    silent = time.monotonic()
    time.sleep(1.0)
    assert server.seconds_heard(silent) == 0
    assert told[1:] == [Unspoken(0, "cleared", 1), Unspoken(1, "cleared", 2)]
    output.handle(line(2, "Too old as well.", age_s=30))
    until(lambda: len(told) == 4, "the late line")
    assert told[-1] == Unspoken(2, "late", 3)
    output.handle(line(3, "And on."))
    until(lambda: server.heard_since(silent), "the line after")


@pytest.mark.real
def test_a_voice_that_is_switched_off_says_nothing_and_one_that_is_on_again_goes_on(
    server: SoundServer, opened: Opened
) -> None:
    output, told = opened()
    said = time.monotonic()
    output.handle(line(0, f"{LINE} {LINE}"))
    until(lambda: server.heard_since(said), "the line")
    output.handle(SpeechSwitched(False))
    time.sleep(0.4)
    off = time.monotonic()
    output.handle(line(1))
    time.sleep(0.8)
    assert server.seconds_heard(off) == 0
    output.handle(SpeechSwitched(True))
    output.handle(line(2))
    until(lambda: server.heard_since(off), "the line after")
    assert told[1:] == [Unspoken(0, "cleared", 1)]


@pytest.mark.real
def test_an_answer_is_heard_before_what_waits(server: SoundServer, opened: Opened) -> None:
    output, told = opened(max_age_s=30)
    output.handle(line(0, f"{LINE} {LINE} {LINE}"))
    output.handle(line(1, LINE))
    output.handle(CommandSent(Ask("Who leads?"), time.monotonic()))
    time.sleep(0.5)
    output.handle(line(2, "Harbour lead."))
    until(lambda: told[1:], "the interrupted line")
    assert told[1:] == [Unspoken(0, "interrupted", 1)]


@pytest.mark.real
def test_a_device_that_goes_and_comes_back_is_told_once(voice: FliteVoice, tmp_path: Path) -> None:
    """In a program of its own: ALSA keeps the name of a server that died."""
    server = SoundServer(tmp_path)
    server.start()
    environment = {**os.environ, **server.environment, "PYTHONPATH": str(Path(__file__).parents[3])}
    program = subprocess.Popen(
        [sys.executable, "-c", SPEAKER],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert program.stdin is not None
        assert program.stdout is not None
        said = time.monotonic()
        print("say", file=program.stdin, flush=True)
        until(lambda: server.heard_since(said), "the line")
        server.stop()
        for _ in range(3):
            print("say", file=program.stdin, flush=True)
            time.sleep(0.7)
        assert "no device" in program.stdout.readline()
        server.start()
        back = time.monotonic()
        for _ in range(8):
            print("say", file=program.stdin, flush=True)
            time.sleep(0.8)
            if server.heard_since(back):
                break
        assert server.heard_since(back)
        rest, _ = program.communicate("", timeout=20)
        assert "no device" not in rest
        assert program.returncode == 0
    finally:
        program.kill()
        program.wait()
        server.stop()


SPEAKER = """
import sys, time
from app.outputs.output_kind import StreamRun
from app.outputs.speech import SpeechOptions, SpeechOutput
from core.config import resolve
from core.messages import Failure, Line
def tell(message):
    if isinstance(message, Failure):
        print(message.title, flush=True)
output = SpeechOutput(SpeechOptions(), StreamRun("a", "a", resolve({}), tell, lambda line: None))
for number, _ in enumerate(sys.stdin):
    output.handle(Line(number, 0, 1, "Harbour win the ball.", time.monotonic(), time.monotonic()))
output.close()
"""


@pytest.mark.real
def test_a_neural_voice_is_heard(server: SoundServer, opened: Opened, spoken: list[Spoken], tmp_path: Path) -> None:
    pytest.importorskip("sherpa_onnx")
    made: list[tuple[SpeechOutput, list[Message]]] = []
    folder = write_voice(tmp_path / "voice", "vits")
    starter = threading.Thread(target=lambda: made.append(opened(voice=str(folder))))  # as the window does
    starter.start()
    starter.join()
    output, told = made[0]
    began = time.monotonic()
    output.handle(line(0, "Ready."))
    until(lambda: server.heard_since(began), "the first word")
    time.sleep(1.5)
    said = time.monotonic()
    output.handle(line(1, "Harbour win the ball."))
    until(lambda: server.heard_since(said), "the line")
    print(f"heard after {server.heard_since(said) - said:.3f} s")
    assert server.heard_since(said) - said < 0.5
    assert told == [SpeechSwitched(True)]
    assert spoken[-1].sample_rate == RATE


@pytest.mark.real
def test_watch_speaks(
    server: SoundServer, voice: FliteVoice, plain_environment: dict[str, str], checkout: Path
) -> None:
    words = ["watch", "arena:3", "--seconds", "8", "--json", "--say", "rms"]
    environment = {**plain_environment, **server.environment}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "app", *words], env=environment, cwd=checkout, capture_output=True, text=True, timeout=90
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert any(entry.get("text") for entry in map(json.loads, done.stdout.splitlines()))
    assert server.seconds_heard(began) > 1.0


def test_without_flite_it_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr("ctypes.CDLL", gone)
    with pytest.raises(OutputError, match="apt install libflite1"):
        FliteVoice("slt")


@pytest.mark.real
def test_what_the_others_tell_at_the_start_is_not_lost_to_the_sound_library(
    server: SoundServer, plain_environment: dict[str, str], checkout: Path
) -> None:
    words = ["watch", "arena:3", "--seconds", "1", "--page", "0", "--obs", "ws://127.0.0.1:9", "--say"]
    environment = {**plain_environment, **server.environment}
    done = subprocess.run(
        [sys.executable, "-m", "app", *words], env=environment, cwd=checkout, capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0
    told = [text.partition(":")[2].partition(":")[0] for text in done.stderr.splitlines()]
    assert sorted(told) == [" OBS does not answer", " the overlay page is at http"]
