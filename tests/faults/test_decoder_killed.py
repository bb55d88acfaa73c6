"""kill -9, crashes and hangs of the processes that decode a film for `courtside watch`: the commentary goes on."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.faults.watched import Watched
from tests.quiet_clock import lost_s
from tests.sound_film import heard, write_film

SECONDS = 24.0
TONES = [(float(start), start + 0.5) for start in range(1, 24, 2)]


def child(of: Watched, is_it: Callable[[psutil.Process], bool]) -> psutil.Process:
    """Raises TimeoutError."""
    ends = time.monotonic() + 30.0
    while time.monotonic() < ends:
        for process in psutil.Process(of.process.pid).children():
            if is_it(process):
                return process
        time.sleep(0.005)
    raise TimeoutError("no such child")


def is_picture_decoder(process: psutil.Process) -> bool:
    """Which opens no more files."""
    return process.rlimit(psutil.RLIMIT_NOFILE) == (0, 0)


def is_sound_decoder(process: psutil.Process) -> bool:
    return process.rlimit(psutil.RLIMIT_FSIZE) == (0, 0) and not is_picture_decoder(process)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_film_whose_decoder_dies_goes_on(
    number: signal.Signals, tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    film = write_film(tmp_path / "film.mp4", SECONDS, [])
    with Watched(str(film), "--pace", "max", environment=plain_environment, checkout=checkout) as watching:
        watching.wait_for("line", 60.0, lambda said: said.record["end"] >= 5.0)
        child(watching, is_picture_decoder).send_signal(number)
        watching.wait_for("line", 90.0, lambda said: said.record["end"] == SECONDS)
        assert watching.process.wait(20) == 0
        (told,) = watching.records("error")
        assert "the decoder died at" in told.record["message"]
        gaps = [said.record for said in watching.records("gap")]
        assert len(gaps) <= 1  # none where it died with the last picture of a round
        assert all(gap["reason"] == "the source was lost" and gap["end"] - gap["start"] <= 2.0 for gap in gaps)
        starts = [said.record["start"] for said in watching.records("line")]
        missed = [second for gap in gaps for second in range(round(gap["start"]), round(gap["end"]))]
        assert starts == [float(second) for second in range(round(SECONDS)) if second not in missed]


@pytest.mark.timeout(180)
def test_a_film_whose_decoder_hangs_goes_on(tmp_path: Path, plain_environment: dict[str, str], checkout: Path) -> None:
    film = write_film(tmp_path / "film.mp4", SECONDS, [])
    with Watched(str(film), environment=plain_environment, checkout=checkout) as watching:
        watching.wait_for("line", 60.0, lambda said: said.record["end"] >= 4.0)
        child(watching, is_picture_decoder).send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        before = lost_s()
        told = watching.wait_for("error", 60.0)
        assert "the decoder hangs at" in told.record["message"]
        assert told.at - stopped < 5.0 + lost_s() - before
        watching.wait_for("line", 90.0, lambda said: said.record["end"] == SECONDS)
        assert watching.process.wait(20) == 0
        assert "the decoder hung at" in watching.records("error")[1].record["message"]
        gaps = [said.record for said in watching.records("gap") if said.record["reason"] == "the source was lost"]
        assert all(gap["end"] - gap["start"] <= 2.0 for gap in gaps)
        assert len(gaps) <= 1  # none where it hung with the last picture of a round


@pytest.mark.timeout(180)
def test_a_film_whose_sound_decoder_dies_is_recorded_on_in_silence(
    tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    film = write_film(tmp_path / "film.mp4", SECONDS, TONES)
    words = [str(film), "--pace", "max", "--record", "--session", str(tmp_path / "sessions")]
    with Watched(*words, environment=plain_environment, checkout=checkout) as watching:
        watching.wait_for("line", 60.0, lambda said: said.record["end"] >= 5.0)
        child(watching, is_sound_decoder).kill()
        watching.wait_for("line", 90.0, lambda said: said.record["end"] == SECONDS)
        assert watching.process.wait(20) == 0
        (told,) = watching.records("error")
        assert told.record["title"] == "The sound was lost"
        assert len(watching.records("line")) == SECONDS
    (video,) = tmp_path.glob("sessions/*/video.mkv")
    assert 2 <= len(heard(video, 0)) < len(TONES)
