"""The player as a person uses it: playing, stepping, what the model saw and what its cache held."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.session.small_pictures import SmallPictures
from app.session.video_file import VideoFile
from app.window.player_window import PlayerWindow
from tests.app.library.sessions import FIRST, record

pytestmark = pytest.mark.usefixtures("virtual_screen")

CACHE = {"mode": "streaming", "sink_tokens": 16, "text_window_tokens": 8, "text_rounds": 2, "vision_window_s": 3.0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten rounds, every other one silent, with two frames each and a video."""
    texts = ["" if number % 2 else f"Line {number}." for number in range(10)]
    folder = record(tmp_path / "one", FIRST, texts, cache=CACHE, chunk_s=1.0)
    stats = [{"type": "stats", "round": n, "compute_s": 0.1 * n, "kv_tokens": n, "rss_bytes": 10**9} for n in range(10)]
    with (folder / "events.jsonl").open("a") as file:
        file.writelines(json.dumps(entry) + "\n" for entry in stats)
    pictures = SmallPictures(folder)
    video = VideoFile(folder / "video.mkv", np.zeros((90, 160, 3), np.uint8))
    for number in range(20):
        image = np.full((90, 160, 3), 10 * number, np.uint8)
        pictures.add(image, number / 2)
        video.add(image, number / 2)
        if number % 4 == 1:
            pictures.line(number // 2, number // 2 + 1)
    video.close()
    return folder


@pytest.fixture
def player(folder: Path, qtbot: QtBot) -> Iterator[PlayerWindow]:
    window = PlayerWindow(folder)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()  # keys are for the window that is active
    qtbot.waitUntil(lambda: window.entries.rowCount() == 5 and window.isActiveWindow())
    yield window
    window.close()


def grey(player: PlayerWindow) -> int:
    """Of the picture shown."""
    shown = player.film.pixmap()
    return -1 if shown.isNull() else shown.toImage().pixelColor(shown.width() // 2, shown.height() // 2).red()


def shades(player: PlayerWindow) -> list[int]:
    """Of the frames that the model saw."""
    return [frame.pixmap().toImage().pixelColor(5, 5).red() for frame in player.round.frames]


def test_a_line_shows_what_the_model_saw_and_remembered(player: PlayerWindow, qtbot: QtBot) -> None:
    player.view.setCurrentIndex(player.entries.index(3))
    qtbot.waitUntil(lambda: shades(player) == pytest.approx([120, 130], abs=4))
    told = player.round.cache.text().splitlines()
    assert told[:2] == ["pictures of rounds 4 to 6", "words in their own turns: rounds 5 to 6"]
    assert told[2].startswith("sink, 16 tokens: Harbour (orange) v Union")
    assert told[3].endswith("Line 4.")
    assert "tokens in the cache 6" in player.round.details.text()
    qtbot.waitUntil(lambda: abs(grey(player) - 120) < 5)


def test_it_is_stepped_through_by_round(player: PlayerWindow, qtbot: QtBot) -> None:
    player.view.setCurrentIndex(player.entries.index(1))
    qtbot.keyClick(player, Qt.Key.Key_Period)
    assert player.time_line.at == 3.0
    assert player.round.details.text().splitlines()[:2] == ["silence at 00:03", "round 3"]
    assert not player.round.frames
    qtbot.keyClick(player, Qt.Key.Key_Period)
    assert player.round.details.text().splitlines()[:2] == ["line at 00:04", "Line 4."]
    for _ in range(12):
        qtbot.keyClick(player, Qt.Key.Key_Comma)
    assert player.time_line.at == 0.0


@pytest.mark.parametrize(("steps", "speed"), [(0, 1.0), (-2, 0.5), (4, 4.0)])
def test_it_plays_at_the_speed_chosen(player: PlayerWindow, qtbot: QtBot, steps: int, speed: float) -> None:
    player.go_to(1.0)
    player.bar.change_speed(steps)
    assert player.playback.speed == speed
    began = time.monotonic()
    player.bar.play.click()
    qtbot.wait(600)
    player.bar.play.click()
    passed = time.monotonic() - began
    assert player.time_line.at - 1.0 == pytest.approx(passed * speed, abs=0.1 * speed)
    assert not player.playback.is_running


def test_it_stops_at_the_end_and_begins_again(player: PlayerWindow, qtbot: QtBot) -> None:
    player.bar.change_speed(9)
    player.go_to(9.8)
    qtbot.keyClick(player, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not player.playback.is_running)
    assert (player.time_line.at, player.bar.play.text()) == (10.0, "Play")
    qtbot.keyClick(player, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: 0 < player.time_line.at < 9)
    assert player.bar.play.text() == "Pause"


def test_a_video_that_cannot_be_shown_is_said_and_the_rest_works(folder: Path, qtbot: QtBot) -> None:
    (folder / "video.mkv").write_bytes(b"\0" * 3000)
    window = PlayerWindow(folder)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: "cannot be shown" in window.problem.text())
    window.view.setCurrentIndex(window.entries.index(3))
    qtbot.waitUntil(lambda: shades(window) == pytest.approx([120, 130], abs=4))
    qtbot.waitUntil(lambda: abs(grey(window) - 130) < 5)
    window.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_its_decoder_may_die_or_hang(
    folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Shown from the video again and again; of which nothing else is kept here."""
    monkeypatch.setattr("app.library.film_process.ANSWER_S", 0.5)
    for pictures in ("thumbnails", "seen"):
        shutil.rmtree(folder / pictures)
    window = PlayerWindow(folder)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.entries.rowCount() == 5)
    for at, shade in ((2.0, 40), (8.0, 160), (4.0, 80), (6.0, 120)):
        window.go_to(at)
        qtbot.waitUntil(lambda shade=shade: abs(grey(window) - shade) < 5, timeout=30_000)
        (decoder,) = [child for child in multiprocessing.active_children() if child.name == "courtside-film"]
        assert decoder.pid is not None
        os.kill(decoder.pid, number)
    assert not window.problem.isVisible()
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 2
