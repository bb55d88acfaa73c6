"""A streamer's evening and a presenter's: the application, a game or slides, keys, a browser, a sound device."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.caption_style import PRESETS
from app.outputs.page_server import page_url
from app.outputs.page_token import page_token
from app.settings import Settings
from tests.chromium import chromium_page
from tests.running_courtside import CAPTIONS, HeardProgram, RunningCourtside, environment_of
from tests.sound_server import SoundServer
from tests.titled_windows import titled_windows
from tests.waiting import until

pytestmark = pytest.mark.real
BIG = PRESETS["Big, for slides"]
PORT = 4419
"""Not the usual one: a Courtside may run beside the tests."""
QUIET_S = 3.0


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def is_over(screen: Any, title: str) -> bool:
    """Whether the captions are over the window of that title."""
    ours = titled_windows(screen.display, CAPTIONS)
    theirs = titled_windows(screen.display, title)
    return bool(ours and theirs) and ours[-1].layer > theirs[-1].layer


def picture(screen: Any, place: tuple[int, int, int, int]) -> np.ndarray:
    """uint8 BGRX (height, width, 4) of a part of the screen."""
    import mss

    x, y, width, height = place
    with mss.MSS(display=screen.display) as grabber:
        shot = grabber.grab({"left": x, "top": y, "width": width, "height": height})
    return np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)


def lines(courtside: RunningCourtside) -> int:
    return int(courtside.status()["lines"])


def until_more(courtside: RunningCourtside, more: int = 2) -> None:
    """Until it has said so many more lines."""
    before = lines(courtside)
    until(lambda: lines(courtside) >= before + more, f"it is silent: {courtside.status()}")


def middle(place: tuple[int, int, int, int]) -> tuple[int, int]:
    x, y, width, height = place
    return x + width // 2, y + height // 2


def test_a_streamers_evening(virtual_screen: Any, tmp_path: Path, ending: ExitStack) -> None:
    pytest.importorskip("pygame", reason="needs pygame-ce (comes with vizdoom, extra dev)")
    sound = SoundServer(tmp_path / "sound")
    ending.callback(sound.stop)
    sound.start()
    game = HeardProgram("full_screen_game.py", environment_of(virtual_screen))
    ending.callback(game.close)
    text = tmp_path / "caption.txt"
    outputs = {"text_file": {"path": str(text)}, "page": {"port": PORT}, "speech": {}}
    settings = Settings(source="window:Evening cup", outputs=outputs, first_page_seen=True)
    courtside = RunningCourtside(tmp_path, virtual_screen, settings, sound.environment)
    ending.callback(courtside.close)
    courtside.start("Evening cup")
    until_more(courtside)
    played(courtside, game, virtual_screen)
    page = ending.enter_context(chromium_page(tmp_path / "profile"))
    page.open(page_url(PORT, page_token(tmp_path / "courtside")))
    until(lambda: page.lines() and page.lines()[-1] in text.read_text(), "page and file differ")
    until(lambda: sound.heard_since(0.0) is not None, "nothing is heard")
    courtside.ctl("persona", "hype")
    assert courtside.status()["persona"] == "hype"
    panicked(courtside, game, text, page.lines, sound)
    courtside.press("ctrl+alt+r")
    until(lambda: courtside.status()["captions"], "the captions did not come back")
    until_more(courtside)
    assert is_over(virtual_screen, "Evening cup")
    until(lambda: text.read_text(), "the file is empty")


def played(courtside: RunningCourtside, game: HeardProgram, screen: Any) -> None:
    """The band is over the game, which gets every click through it, and every key."""
    until(lambda: is_over(screen, "Evening cup"), "the game is over the captions", 5.0)
    x, y = middle(courtside.captions_place())
    screen.click(x, y)
    game.until(f"click {x} {y}")
    courtside.press("w")
    game.until("key w")


def panicked(
    courtside: RunningCourtside, game: HeardProgram, text: Path, shown: Callable[[], list[str]], sound: SoundServer
) -> None:
    """The key works while the game has the keyboard; everything is empty at once, and stays so."""
    courtside.press("ctrl+alt+x")
    until(lambda: courtside.status()["phase"] == "paused", "it did not pause", 5.0)
    until(lambda: not text.read_text() and not shown(), "something is still shown", 5.0)
    assert not courtside.status()["captions"]
    assert "key x" not in game.heard
    said = lines(courtside)
    silent_since = time.monotonic() + 1.0
    time.sleep(QUIET_S)
    assert (lines(courtside), text.read_text(), shown()) == (said, "", [])
    assert sound.heard_since(silent_since) is None


def test_a_presenters_evening(virtual_screen: Any, tmp_path: Path, ending: ExitStack) -> None:
    slides = HeardProgram("slide_show.py", environment_of(virtual_screen))
    ending.callback(slides.close)
    style = {name: getattr(BIG, name) for name in ("pixels", "lines", "hold_s", "align", "opacity")}
    settings = Settings(source="screen", captions=style, persona="presenters-assistant", first_page_seen=True)
    courtside = RunningCourtside(tmp_path, virtual_screen, settings, {})
    ending.callback(courtside.close)
    courtside.start("Evening talk")
    courtside.press("Right")
    slides.until("slide 2")
    until_more(courtside)
    until(lambda: is_over(virtual_screen, "Evening talk"), "the slides are over the captions", 5.0)
    until(lambda: tall_letters(picture(virtual_screen, courtside.captions_place())), "no big captions can be seen")
    courtside.type_question("What is the score?")
    courtside.bring_to_front("Evening talk")
    until_more(courtside)
    courtside.press("Right")
    slides.until("slide 3")
    assert courtside.close() == ""
    (session,) = (file.parent for file in courtside.sessions.glob("*/events.jsonl"))
    assert courtside.run("sessions", "export", str(session), "--to", "srt").count(" --> ") > 2
    exported = [json.loads(line) for line in (session / "events.jsonl").read_text().splitlines()]
    assert "What is the score?" in json.dumps(exported)


def tall_letters(pixels: np.ndarray) -> bool:
    """Whether white letters of about the preset's height stand there."""
    white = (pixels[..., :3] > 240).all(axis=2).any(axis=1)
    return int(white.sum()) >= BIG.pixels // 3
