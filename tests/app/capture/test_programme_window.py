"""The demo match on a real screen: in its window, in time, and as the benchmark sees it."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import SourceError
from core.programmes.football.camera import PICTURE_SIZE
from core.programmes.football.programme import FootballEpisode
from core.types import Frame

pytest.importorskip("mss")
pytest.importorskip("PySide6")

from app import cli
from app.capture.programme_window import PLAY_FPS, ProgrammeWindow
from app.capture.screen import ScreenSource
from app.capture.source import CaptureOptions, Rectangle
from app.capture.virtual_screen import some_screen
from app.commands import evaluate

SEED = 100_007
AREA: Rectangle = (168, 87, 1000, 562)
STILL = 3.0
"""Most mean difference, of 255, between the window and the arena's own picture resized."""
IN_TIME_S = 0.06


def grabbed(frames: int, fps: float = 7.0) -> list[Frame]:
    """Pictures of the whole screen, out of step with those of the match."""
    with closing(ScreenSource(CaptureOptions(fps, "live", fps))) as source:
        source.open()
        return [frame for _ in range(frames) if (frame := source.read()) is not None]


def resized(picture: np.ndarray, area: Rectangle) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).resize(area[2:], Image.Resampling.BILINEAR)).astype(int)


def inside(image: np.ndarray, area: Rectangle) -> np.ndarray:
    x, y, width, height = area
    return image[y : y + height, x : x + width].astype(int)


def difference(image: np.ndarray, arena: FootballEpisode, time_s: float, area: Rectangle) -> float:
    """Mean over the pixels in which the arena moves within a second; over all of them it would be near nothing."""
    wanted, later = (resized(arena.frame(t), area) for t in (time_s, time_s + 1.0))
    moving = np.abs(wanted - later).sum(2) > 0
    return float(np.abs(inside(image, area) - wanted)[moving].mean())


@pytest.fixture
def window(virtual_screen: Any) -> Iterator[ProgrammeWindow]:
    with ProgrammeWindow("football", SEED, AREA) as playing:
        yield playing


def test_the_window_shows_the_arena_at_its_size(window: ProgrammeWindow) -> None:
    assert window.area == AREA
    arena = FootballEpisode(SEED, scoreboard=False)
    frame = grabbed(4)[-1]
    wanted = resized(arena.frame(frame.captured_at - window.zero), AREA)
    assert np.abs(inside(frame.image, AREA) - wanted).mean() < STILL
    x, y, width, _ = AREA
    around = frame.image[y - 12 : y - 2, x : x + width]
    assert np.abs(around.astype(int) - resized(arena.frame(0.0), AREA)[:10]).mean() > STILL, "no title bar"


def test_the_start_that_it_tells_is_right(window: ProgrammeWindow) -> None:
    arena = FootballEpisode(SEED, scoreboard=False)
    late = [lateness(frame, arena, window) for frame in grabbed(5)[2:]]
    assert abs(float(np.median(late))) < IN_TIME_S, late


def lateness(frame: Frame, arena: FootballEpisode, window: ProgrammeWindow) -> float:
    """Seconds by which the screen is behind the clock: where the picture fits best among those about it."""
    clock = frame.captured_at - window.zero
    steps = [step / PLAY_FPS / 2 for step in range(-12, 13)]
    fits = [difference(frame.image, arena, max(clock - step, 0.0), window.area) for step in steps]
    return steps[int(np.argmin(fits))]


def test_a_scoreboard_shows_only_when_asked_for(virtual_screen: Any) -> None:
    with ProgrammeWindow("football", SEED, AREA, scoreboard=True) as playing:
        frame = grabbed(2)[-1]
    clock = frame.captured_at - playing.zero
    drawn, plain = (
        inside(frame.image, AREA) - resized(FootballEpisode(SEED, s).frame(clock), AREA) for s in (True, False)
    )
    assert np.abs(drawn).mean() < np.abs(plain).mean()


def test_a_window_closed_by_a_person_is_told(window: ProgrammeWindow) -> None:
    window.check()
    (playing,) = (child for child in multiprocessing.active_children() if child.name == "courtside-programme")
    playing.terminate()
    playing.join()
    with pytest.raises(SourceError, match="closed"):
        window.check()


def options(seconds: int, via: str = "screen") -> argparse.Namespace:
    return argparse.Namespace(seconds=seconds, scoreboard=False, model=None, mode=None, via=via)


def test_the_chunks_come_aligned_with_the_match(virtual_screen: Any) -> None:
    area = evaluate.window_area(PICTURE_SIZE)
    run = evaluate.ScreenedEpisode(options(3), "football", SEED, area)
    chunks = list(run.chunks())
    assert [chunk.start for chunk in chunks] == [0.0, 1.0, 2.0]
    assert 0.0 < run.episode_start_s() < 2.0
    arena = FootballEpisode(SEED, scoreboard=False)
    image = chunks[-1].frames[1]
    at = run.episode_start_s() + 2.5
    assert difference(image, arena, at, area) < difference(image, arena, at - 0.5, area)
    assert difference(image, arena, at, area) < difference(image, arena, at + 0.5, area)


def test_what_happened_is_told_in_seconds_of_the_stream(no_display: None) -> None:
    with evaluate.on_screen() as stream_for:
        stream = stream_for(options(3), "football", SEED)
        list(stream.chunks)
        told = stream.events()
    happened = FootballEpisode(SEED).events(0.0, 6.0)
    first = next(event for event in happened if event.kind == told[0].kind)
    assert 0.0 < first.time - told[0].time < 2.0
    assert {round(h.time - t.time, 6) for h, t in zip(happened, told, strict=False)} == {
        round(first.time - told[0].time, 6)
    }


def test_the_window_alone_is_captured_where_that_is_asked_for(virtual_screen: Any) -> None:
    run = evaluate.ScreenedEpisode(options(2, via="window"), "football", SEED, AREA)
    chunks = list(run.chunks())
    assert [chunk.start for chunk in chunks] == [0.0, 1.0]
    image = chunks[-1].frames[1]
    assert image.shape == (AREA[3], AREA[2], 3), "more than the window's inside"
    wanted = resized(FootballEpisode(SEED, scoreboard=False).frame(run.episode_start_s() + 1.5), AREA)
    assert np.abs(image.astype(int) - wanted).mean() < STILL


def test_leaving_a_match_early_leaves_nothing(no_display: None, capfd: pytest.CaptureFixture[str]) -> None:
    with evaluate.on_screen() as stream_for:
        stream = stream_for(options(30), "football", SEED)
        next(iter(stream.chunks))
    assert capfd.readouterr().err == "", "the screen went before the window"


def test_what_ends_the_capture_is_raised(virtual_screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "MONITOR", 9)
    with pytest.raises(SourceError, match="screen:9"):
        list(evaluate.ScreenedEpisode(options(3), "football", SEED, AREA).chunks())


def test_a_screen_that_is_there_is_used(virtual_screen: Any) -> None:
    with some_screen():
        assert os.environ["DISPLAY"] == virtual_screen.display


def test_a_screen_is_made_and_goes_again(virtual_screen: Any, no_display: None) -> None:
    with some_screen():
        assert os.environ["DISPLAY"] != virtual_screen.display
        picture = grabbed(1)[0].image
        assert picture.shape == (720, 1280, 3)
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50, "the desktop is bare"
    assert "DISPLAY" not in os.environ


def test_without_xvfb_it_says_what_to_install(no_display: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match="apt install xvfb openbox"), some_screen():
        pass


def test_only_the_road_over_the_screen_needs_a_screen(monkeypatch: pytest.MonkeyPatch, no_display: None) -> None:
    given: list[Any] = []

    def measured(args: argparse.Namespace, stream_for: Any = None) -> dict[str, Any]:
        given.append(stream_for)
        return {"figures": {}}

    monkeypatch.setattr("core.eval.command.run", measured)
    assert cli.main(["eval", "programmes", "--via", "screen"]) == 0
    monkeypatch.setitem(sys.modules, "app.commands.evaluate", None)
    assert cli.main(["eval", "programmes"]) == 0
    assert callable(given[0])
    assert given[1] is None


@pytest.mark.slow
def test_a_match_from_the_screen_to_the_figures(no_display: None, capfd: pytest.CaptureFixture[str]) -> None:
    begun = time.monotonic()
    assert (
        cli.main(
            [
                "eval",
                "programmes",
                "--only",
                "football",
                "--seeds",
                "100000",
                "--seconds",
                "20",
                "--via",
                "screen",
                "--lines",
            ]
        )
        == 0
    )
    assert time.monotonic() - begun > 20
    out, err = capfd.readouterr()
    figures = json.loads(out.splitlines()[-1])["figures"]
    assert figures["football_event_f1"]["value"] > 0
    assert re.search(r"^ +\d+\.\d  \w", err, re.MULTILINE), "nothing was said"
