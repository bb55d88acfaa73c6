"""The sound of a file, in its own process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.capture.sound_decoder import SoundDecoder
from tests.quiet_clock import quiet_s
from tests.sound_film import write_film


def test_it_comes_by_media_time(tmp_path: Path) -> None:
    with closing(SoundDecoder(write_film(tmp_path / "film.mp4", 4.0, [(1.0, 1.5)]))) as sound:
        assert sound.has_sound(20.0)
        first = sound.read(0.5, wait=True)
        assert first[0][0] == pytest.approx(0.0, abs=0.03)
        assert 0.5 <= sound.reached < 2.0
        rest = sound.read(10.0, wait=True)
        assert sound.reached == float("inf")
        assert not sound.failed
    blocks = first + rest
    loud = [start + np.flatnonzero(np.abs(samples[:, 0]) > 3000) / 48_000 for start, samples in blocks]
    heard = np.concatenate(loud)
    assert (heard[0], heard[-1]) == (pytest.approx(1.0, abs=0.005), pytest.approx(1.5, abs=0.025))


@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b"no film"])
def test_a_file_without_sound_has_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "film.mp4").write_bytes(data)
    with closing(SoundDecoder(tmp_path / "film.mp4")) as sound:
        assert not sound.has_sound(20.0)
        assert sound.read(5.0, wait=True) == []


def test_one_whose_process_dies_has_no_more(tmp_path: Path) -> None:
    with closing(SoundDecoder(write_film(tmp_path / "film.mp4", 4.0, [(1.0, 1.5)]))) as sound:
        assert sound.has_sound(20.0)
        (process,) = [child for child in multiprocessing.active_children() if child.name == "courtside-sound"]
        process.kill()
        process.join()
        sound.read(3.0, wait=True)
        assert sound.reached == float("inf")
        assert sound.failed


@pytest.mark.skipif(sys.platform != "linux", reason="told from /proc")
@pytest.mark.parametrize("wait", [True, False])
def test_one_whose_process_is_stopped_has_no_more(tmp_path: Path, wait: bool) -> None:
    with closing(SoundDecoder(write_film(tmp_path / "film.mp4", 4.0, [(1.0, 1.5)]))) as sound:
        assert sound.has_sound(20.0)
        (process,) = [child for child in multiprocessing.active_children() if child.name == "courtside-sound"]
        assert process.pid is not None
        os.kill(process.pid, signal.SIGSTOP)
        begun = quiet_s()
        while not sound.failed:
            assert sound.read(3.0, wait=wait) == []
            time.sleep(0.05)
        assert quiet_s() - begun < 5.0
        assert sound.reached == float("inf")


def test_it_goes_on_elsewhere(tmp_path: Path) -> None:
    with closing(SoundDecoder(write_film(tmp_path / "film.mp4", 30.0, [(3.0, 3.5), (20.0, 20.5)]))) as sound:
        assert sound.has_sound(20.0)
        sound.read(1.0, wait=False)  # an answer is on its way
        for begin, tone in ((19.0, 20.0), (2.0, 3.0)):
            sound.seek(begin)
            blocks = sound.read(begin + 2.0, wait=True)
            assert blocks[0][0] == pytest.approx(begin, abs=0.05)
            loud = [start + np.flatnonzero(np.abs(samples[:, 0]) > 3000) / 48_000 for start, samples in blocks]
            assert np.concatenate(loud)[0] == pytest.approx(tone, abs=0.005)
        sound.read(99.0, wait=True)
        assert sound.reached == float("inf")
        sound.seek(1.0)
        assert sound.read(1.5, wait=True)
