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

from app.library.film import RESTARTS, Film, video_of
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


def test_a_decoder_that_dies_is_started_again_at_the_place(tmp_path: Path) -> None:
    with closing(Film(video(tmp_path / "video.mkv"))) as film:
        assert film.picture(3.0) is not None
        for at, grey in ((4.0, 80), (9.0, 180), (1.0, 20)):
            os.kill(decoder(), signal.SIGSEGV)
            shown = film.picture(at)
            assert shown is not None
            assert shown.mean() == pytest.approx(grey, abs=3)


def test_a_decoder_that_hangs_is_left_and_another_one_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.library.film_process.ANSWER_S", 0.5)
    with closing(Film(video(tmp_path / "video.mkv"))) as film:
        assert film.picture(3.0) is not None
        hung = decoder()
        os.kill(hung, signal.SIGSTOP)
        shown = film.picture(4.0)
        assert shown is not None
        assert shown.mean() == pytest.approx(80, abs=3)
        assert decoder() != hung


def ask_on(film: Film) -> None:
    for at in range(1000):
        film.picture(float(at % 10))


def test_data_that_kill_every_decoder_are_told_of(tmp_path: Path) -> None:
    """Whoever asks is not kept for ever, and may ask again."""
    with closing(Film(video(tmp_path / "video.mkv"))) as film:
        assert film.picture(3.0) is not None
        over = threading.Event()
        killed: set[int] = set()

        def kill_each() -> None:
            while not over.wait(0.01):
                for child in multiprocessing.active_children():
                    if child.name == "courtside-film" and child.pid is not None and child.pid not in killed:
                        killed.add(child.pid)
                        os.kill(child.pid, signal.SIGSEGV)

        killing = threading.Thread(target=kill_each)
        killing.start()
        try:
            with pytest.raises(SessionError, match="its decoder crashed"):
                ask_on(film)  # the first may be answered before
        finally:
            over.set()
            killing.join()
        assert len(killed) == 1 + RESTARTS
        assert film.picture(5.0) is not None


def test_threads_that_end_do_not_end_the_decoder(tmp_path: Path) -> None:
    """A window's reader is a new thread whenever there is something to read."""
    with closing(Film(video(tmp_path / "video.mkv"))) as film:
        seen = set()
        for at in (3.0, 4.0, 5.0):
            asking = threading.Thread(target=film.picture, args=(at,))
            asking.start()
            asking.join()
            time.sleep(0.2)
            seen.add(decoder())
        assert len(seen) == 1


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
