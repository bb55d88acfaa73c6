"""Decoders of a film that are killed, crash, hang, or have no memory: the film goes on behind the place."""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.capture.source import CaptureOptions, SourceNotice
from app.capture.spec import open_source
from core.errors import SourceError
from core.types import Frame
from tests.faults.odd_files import bars, encoded
from tests.quiet_clock import quiet_s
from tests.sound_film import write_film

SECONDS = 20.0
FPS = 2.0


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("av")
    return write_film(tmp_path_factory.mktemp("film") / "film.mp4", SECONDS, [])


def decoders() -> list[psutil.Process]:
    return [process for process in psutil.Process().children() if "spawn_main" in " ".join(process.cmdline())]


def watched(
    path: Path,
    at: float,
    harm: Callable[[psutil.Process], None],
    options: CaptureOptions,
    told: list[float] | None = None,
) -> tuple[list[Frame], list[SourceNotice], str]:
    """What comes of a film whose decoder is harmed once its picture of that second is there; `told` gets the quiet
    second of each notice."""
    source = open_source(str(path), options)
    frames: list[Frame] = []
    notices: list[SourceNotice] = []
    source.open()
    while (taken := source.read()) is not None:
        if isinstance(taken, SourceNotice):
            notices.append(taken)
            if told is not None:
                told.append(quiet_s())
            continue
        frames.append(taken)
        if taken.media_time == at and not notices:
            (decoder,) = decoders()
            harm(decoder)
    source.close()
    return frames, notices, source.warning


def sent(number: signal.Signals) -> Callable[[psutil.Process], None]:
    def send(decoder: psutil.Process) -> None:
        decoder.send_signal(number)
        decoder.wait(5)

    return send


def out_of_memory(decoder: psutil.Process) -> None:
    """It gets hardly any more."""
    most = decoder.memory_info().vms + (1 << 20)
    decoder.rlimit(psutil.RLIMIT_AS, (most, most))


@pytest.mark.parametrize("harm", [sent(signal.SIGKILL), sent(signal.SIGSEGV)], ids=["kill", "segv"])
def test_a_dead_decoder_costs_a_second(film: Path, harm: Callable[[psutil.Process], None]) -> None:
    frames, notices, warning = watched(film, 5.0, harm, CaptureOptions(fps=FPS, pace="max"))
    times = [frame.media_time for frame in frames]
    (notice,) = notices
    died, on = map(float, re.findall(r"(\d+\.\d) s", notice.message))
    assert notice.message == f"film.mp4: the decoder died at {died:.1f} s; going on at {on:.1f} s"
    assert notice.lost
    assert notice.at == died
    assert 5.0 <= died <= 6.0  # one more picture had been made
    assert on == int(on)
    assert 0.5 <= on - died < 1.5
    expected = [i / FPS for i in range(round(SECONDS * FPS))]
    assert times == [at for at in expected if not died < at < on]
    assert warning == ""


def test_a_decoder_without_memory_is_started_again(tmp_path: Path) -> None:
    """Its pictures are so large that each has memory of its own from the system (above 32 MiB, with glibc)."""
    film = encoded(tmp_path / "film.mkv", "mjpeg", "yuvj420p", fps=2, pictures=bars(4096, 2800, 12))
    frames, notices, warning = watched(film, 3.0, out_of_memory, CaptureOptions(fps=FPS, pace="max"))
    (notice,) = notices
    died, on = map(float, re.findall(r"(\d+\.\d) s", notice.message))
    assert 0.5 <= on - died < 1.5
    assert [frame.media_time for frame in frames] == [i / FPS for i in range(12) if not died < i / FPS < on]
    assert warning == ""


HARMFUL = """
import signal, time

def loop(*_):
    while True:
        pass

signal.signal(signal.SIGUSR1, loop)
signal.signal(signal.SIGUSR2, lambda *_: time.sleep(1000))
"""
"""A start of Python after which a process hangs in either way when it is told to."""


def hung(number: signal.Signals, since: list[float]) -> Callable[[psutil.Process], None]:
    def send(decoder: psutil.Process) -> None:
        decoder.send_signal(number)
        since.append(quiet_s())

    return send


@pytest.mark.skipif(sys.platform != "linux", reason="told from /proc")
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGUSR1, signal.SIGUSR2], ids=["stopped", "loops", "waits"])
def test_a_decoder_that_hangs_is_told_and_costs_a_second(
    film: Path, number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(HARMFUL)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    since: list[float] = []
    told: list[float] = []
    frames, notices, warning = watched(film, 5.0, hung(number, since), CaptureOptions(fps=FPS, pace="max"), told)
    hangs, goes_on = notices
    died, on = map(float, re.findall(r"(\d+\.\d) s", goes_on.message))
    assert hangs.message == f"film.mp4: the decoder hangs at {died:.1f} s; starting another one"
    assert goes_on.message == f"film.mp4: the decoder hung at {died:.1f} s; going on at {on:.1f} s"
    assert hangs.lost
    assert goes_on.lost
    assert hangs.at == goes_on.at == died
    assert 5.0 <= died <= 6.0
    assert 0.5 <= on - died < 1.5
    assert told[0] - since[0] < 5.0
    assert [frame.media_time for frame in frames] == [
        i / FPS for i in range(round(SECONDS * FPS)) if not died < i / FPS < on
    ]
    assert warning == ""
    assert not decoders()


def test_a_film_at_its_own_pace_does_not_rush_afterwards(film: Path) -> None:
    options = CaptureOptions(fps=FPS, preview_fps=10, file_speed=4.0)
    begun = time.monotonic()
    frames, notices, warning = watched(film, 5.0, sent(signal.SIGKILL), options)
    took = time.monotonic() - begun
    assert (len(notices), warning) == (1, "")
    assert frames[-1].media_time == pytest.approx(SECONDS, abs=0.15)
    assert took >= (SECONDS - 1.6) / options.file_speed


class Killer:
    """Kills every decoder as soon as it is there."""

    def __init__(self) -> None:
        self.killed: set[int] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(0.01):
            for decoder in self._found():
                self.killed.add(decoder.pid)
                decoder.kill()

    def _found(self) -> Iterator[psutil.Process]:
        try:
            yield from decoders()
        except psutil.Error:  # it has just ended
            return


def test_a_film_of_which_every_decoder_dies_is_given_up_in_one_line(film: Path) -> None:
    source = open_source(str(film), CaptureOptions(fps=FPS, pace="max"))
    source.open()
    assert source.read() is not None
    (first,) = decoders()
    sent(signal.SIGKILL)(first)
    with Killer() as killer:
        frames = 1
        while source.read() is not None:
            frames += 1
    source.close()
    assert len(killer.killed) == 4
    last = (frames - 1) / FPS
    assert source.warning == f"film.mp4: its decoder died 5 times at {last:.1f} s: what follows cannot be decoded"


def test_one_that_dies_before_the_film_is_open_is_an_error(film: Path) -> None:
    source = open_source(str(film), CaptureOptions(fps=FPS, pace="max"))
    with Killer(), pytest.raises(SourceError, match="its decoder crashed on these data"):
        source.open()
    source.close()


def test_stop_ends_the_wait_for_a_new_decoder(film: Path) -> None:
    source = open_source(str(film), CaptureOptions(fps=FPS, pace="max"))
    source.open()
    assert source.read() is not None
    with Killer():
        threading.Timer(0.5, source.interrupt).start()
        begun = time.monotonic()
        while source.read() is not None:
            pass
        took = time.monotonic() - begun
    source.close()
    assert took < 5.0
    assert source.read() is None
