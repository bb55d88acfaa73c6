"""The video of a session, gone through in any order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.library.film import Film, video_of
from app.session.events import read_session
from app.session.video_file import VideoFile
from core.errors import SessionError
from tests.app.library.sessions import FIRST, record
from tests.grey_film import second_of, write_grey_film


def video(path: Path, seconds: int = 12) -> Path:
    """Ten pictures a second; each one's grey tells when it is shown."""
    made = VideoFile(path, np.zeros((90, 160, 3), np.uint8))
    for number in range(10 * seconds):
        made.add(np.full((90, 160, 3), 10 + 2 * number, np.uint8), number / 10 + 0.5)
    made.close()
    return path


def test_every_moment_however_one_comes_to_it(tmp_path: Path) -> None:
    film = Film(video(tmp_path / "video.mkv"))
    for at in (3.0, 3.1, 3.25, 9.04, 0.5, 11.0, 6.66, 6.65, 40.0):
        shown = film.picture(at)
        assert shown is not None
        number = min(119, int((at - 0.5) * 10 + 0.02))
        assert shown.mean() == pytest.approx(10 + 2 * number, abs=3)
    assert film.picture(0.2) is None
    film.close()


def test_a_video_cut_off_and_one_that_is_none(tmp_path: Path) -> None:
    whole = video(tmp_path / "video.mkv").read_bytes()
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / "video.mkv").write_bytes(whole[: len(whole) * 2 // 3])
    film = Film(cut / "video.mkv")
    assert film.picture(2.0) is not None
    assert film.picture(11.9) is not None
    assert film.picture(3.0) is not None
    film.close()
    for data in (b"", b"\0" * 4000, b"no video"):
        (cut / "video.mkv").write_bytes(data)
        with (
            closing(Film(cut / "video.mkv")) as none,
            pytest.raises(SessionError, match=r"cannot be shown \(|cannot be shown: video.mkv|video.mkv"),
        ):
            none.picture(1.0)


def decoder() -> int:
    """Its process."""
    (process,) = [child for child in multiprocessing.active_children() if child.name == "courtside-film"]
    assert process.pid is not None
    return process.pid


def test_what_kills_the_decoder_is_told_and_another_one_goes_on(tmp_path: Path) -> None:
    film = Film(video(tmp_path / "video.mkv"))
    assert film.picture(3.0) is not None
    os.kill(decoder(), signal.SIGSEGV)
    with pytest.raises(SessionError, match="its decoder crashed"):
        film.picture(4.0)
    assert film.picture(5.0) is not None
    film.close()


def test_a_decoder_that_hangs_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.library.film.ANSWER_S", 0.5)
    film = Film(video(tmp_path / "video.mkv"))
    assert film.picture(3.0) is not None
    os.kill(decoder(), signal.SIGSTOP)
    with pytest.raises(SessionError, match="its decoder hangs"):
        film.picture(4.0)
    assert film.picture(5.0) is not None
    film.close()


def test_closing_does_not_wait_for_a_decoder_that_hangs(tmp_path: Path) -> None:
    film = Film(video(tmp_path / "video.mkv"))
    assert film.picture(3.0) is not None
    os.kill(decoder(), signal.SIGSTOP)
    shown: list[object] = [0]
    waiting = threading.Thread(target=lambda: shown.append(film.picture(4.0)))
    waiting.start()
    began = time.monotonic()
    film.interrupt()
    waiting.join()
    assert time.monotonic() - began < 2
    assert shown == [0, None]
    assert film.picture(5.0) is None
    film.close()


def test_where_the_video_is(tmp_path: Path) -> None:
    watched = video(tmp_path / "match.mkv", 1)
    assert video_of(read_session(record(tmp_path / "a", FIRST, ["One."]))) is None
    assert video_of(read_session(record(tmp_path / "b", FIRST, ["One."], source="x\0y"))) is None
    assert video_of(read_session(record(tmp_path / "c", FIRST, ["One."], source=str(watched)))) == watched
    own = record(tmp_path / "d", FIRST, ["One."], source=str(watched)) / "video.mkv"
    own.touch()  # killed before the first picture
    assert video_of(read_session(own.parent)) == watched
    own.write_bytes(b"a picture")
    assert video_of(read_session(own.parent)) == own


def test_a_film_that_was_jumped_in(tmp_path: Path) -> None:
    film = Film(write_grey_film(tmp_path / "film.mp4", 30), [(0.0, 20.0), (4.0, 2.0)])
    for at, second in ((1.0, 21.0), (3.9, 23.9), (4.0, 2.0), (8.5, 6.5), (2.0, 22.0)):
        shown = film.picture(at)
        assert shown is not None
        assert second_of(shown) == pytest.approx(second, abs=0.8)
    film.close()
