"""The overlay page in a real browser, and as `watch --page` serves it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from PIL import Image

from app.outputs.output_kind import StreamRun
from app.outputs.page import PageOutput
from app.outputs.page_options import PageOptions
from core.config import resolve
from core.errors import UsageError
from core.messages import Cleared, Line, Message, Paused, Piece, Ready
from core.output_messages import PageServed
from tests.chromium import Page, chromium_page
from tests.waiting import until


def line(number: int, text: str) -> Line:
    return Line(number, number, number + 1, text, 0.0, 0.1)


CUSTOM_CSS = """(() => {
  const style = document.createElement("style");
  style.textContent = ".line { color: rgb(0, 128, 0); }";
  document.head.append(style);
})()"""
"""What OBS does with a browser source's custom CSS."""


class Served:
    """An output with a page, what it told, and what it was asked to do."""

    def __init__(self, port: int = 0) -> None:
        self.told: list[Message] = []
        self.commands: list[str] = []
        run = StreamRun("arena", "arena", resolve({}), self.told.append, self.commands.append)
        self.output = PageOutput(PageOptions(port), run)

    @property
    def port(self) -> int:
        return int(self.output.url.split(":")[2].split("/")[0])

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.output.handle(message)


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.output.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium_page(tmp_path_factory.mktemp("profile")) as page:
        yield page


def test_where_it_is_is_told_at_once(served: Served) -> None:
    assert served.told == [PageServed(served.output.url)]


def test_a_port_that_cannot_be_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="0 to 65535"):
        PageOptions(70_000)


def test_watch_tells_where_it_is_and_keeps_it_out_of_the_session(
    tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    words = [
        "watch",
        "arena:3",
        "--seconds",
        "2",
        "--pace",
        "max",
        "--json",
        "--page",
        "0",
        "--session",
        tmp_path / "s",
    ]
    command = [sys.executable, "-m", "app", *map(str, words)]
    environment = {**plain_environment, "COURTSIDE_CONFIG_DIR": str(tmp_path / "config")}
    done = subprocess.run(command, env=environment, cwd=checkout, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    first = json.loads(done.stdout.splitlines()[0])
    assert first["type"] == "page"
    token = (tmp_path / "config" / "page-token").read_text().strip()
    assert first["url"].startswith("http://127.0.0.1:")
    assert first["url"].endswith(f"/{token}/")
    (events,) = (tmp_path / "s").glob("*/events.jsonl")
    assert token not in events.read_text()


@pytest.mark.real
def test_the_last_lines_are_there_after_every_reload(page: Page, served: Served) -> None:
    served.say(*(line(number, f"line {number}") for number in range(5)))
    page.open(f"{served.output.url}?lines=3&seconds=0")
    page.until("document.querySelectorAll('.line').length === 3")
    assert page.lines() == ["line 2", "line 3", "line 4"]
    page.open(f"{served.output.url}?lines=3&seconds=0")
    page.until("document.querySelectorAll('.line').length === 3")
    served.say(Piece(5, "Go"), Piece(5, "al"))
    page.until("document.querySelector('.partial')?.textContent === 'Goal'")
    served.say(line(5, "Goal!"))
    page.until("document.querySelector('.line:last-child').textContent === 'Goal!'")
    assert page.lines() == ["line 3", "line 4", "Goal!"]
    served.say(Cleared())
    page.until("document.querySelectorAll('.line').length === 0")


@pytest.mark.real
def test_what_was_said_is_only_text(page: Page, served: Served) -> None:
    evil = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>&amp; \u2028 </p>"
    page.open(f"{served.output.url}?seconds=0")
    served.say(Piece(0, evil))
    page.until("document.querySelectorAll('.line').length === 1")
    served.say(line(0, evil), line(1, evil))
    page.until("document.querySelectorAll('.line').length === 2")
    assert page.lines() == [evil, evil]
    assert page.evaluate("document.querySelectorAll('main img, main script').length") == 0
    assert page.evaluate("window.hit") is None


@pytest.mark.real
def test_options_in_the_address_and_custom_css_shape_it(page: Page, served: Served, tmp_path: Path) -> None:
    wanted = (
        "size=60&colour=rgb(255,0,0)&outline=4&outline_colour=blue&align=left&place=top&font=serif&lines=1&seconds=0"
    )
    page.open(f"{served.output.url}?{wanted}")
    served.say(line(0, "Harbour lead by two"))
    page.until("document.querySelectorAll('.line').length === 1")
    looks = "((style) => [style.fontSize, style.color, style.webkitTextStrokeWidth, style.textAlign, style.fontFamily])"
    told = page.evaluate(f"{looks}(getComputedStyle(document.querySelector('.line')))")
    assert told == ["60px", "rgb(255, 0, 0)", "4px", "left", "serif"]
    page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")
    page.picture(tmp_path / "page.png")
    picture = Image.open(tmp_path / "page.png").convert("RGBA")
    colours = {colour for _, colour in picture.getcolors(1 << 20)}
    assert {(255, 0, 0, 255), (0, 0, 255, 255), (0, 0, 0, 0)} <= colours
    assert picture.getbbox()[3] < 150  # at the top; the rest is transparent
    page.evaluate(CUSTOM_CSS)
    assert page.evaluate("getComputedStyle(document.querySelector('.line')).color") == "rgb(0, 128, 0)"
    page.open(f"{served.output.url}?siez=60&align=up")
    assert page.evaluate("document.getElementById('problem').textContent").endswith("siez=60, align=up")


@pytest.mark.real
def test_lines_leave_after_their_time(page: Page, served: Served) -> None:
    page.open(f"{served.output.url}?seconds=1")
    served.say(line(0, "short"))
    page.until("document.querySelectorAll('.line').length === 1")
    page.until("document.querySelectorAll('.line').length === 0", patience_s=5)
    page.open(f"{served.output.url}?seconds=1")
    page.until("document.getElementById('state').textContent !== 'Connecting…'")
    assert page.lines() == []  # too old already


@pytest.mark.real
def test_it_connects_again_when_courtside_is_back(page: Page) -> None:
    before = Served()
    page.open(f"{before.output.url}?seconds=0")
    before.say(line(0, "before"))
    page.until("document.querySelectorAll('.line').length === 1")
    before.output.close()
    page.until("document.getElementById('state').textContent === 'Not running'")
    after = Served(before.port)
    after.say(line(0, "after"))
    page.until("document.querySelector('.line')?.textContent === 'after'", patience_s=12)
    assert page.lines() == ["after"]
    after.output.close()


@pytest.mark.real
def test_the_dock_shows_the_state_and_steers(page: Page, served: Served) -> None:
    page.open(f"{served.output.url}?dock")
    served.say(Ready("m", "cpu", "f", 1, 1.0))
    page.until("document.getElementById('state').textContent === 'Live'")
    for command in ("pause", "resume", "clear", "panic"):
        page.evaluate(f"document.querySelector('[data-command={command}]').click()")
        until(lambda command=command: served.commands[-1:] == [command], command)
    page.evaluate("document.getElementById('question').value = ' Who leads? '")
    page.evaluate("document.querySelector('#ask button').click()")
    until(lambda: served.commands[-1:] == ["ask Who leads?"], "the question")
    served.say(Paused(3.0))
    page.until("document.getElementById('state').textContent === 'Paused'")
    page.open(served.output.url)
    assert page.evaluate("document.getElementById('dock').hidden")


@pytest.mark.real
def test_a_stream_is_steered_from_the_dock_of_a_real_watch(
    page: Page, tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    words = ["watch", "arena:3", "--json", "--page", "0"]
    environment = {**plain_environment, "COURTSIDE_CONFIG_DIR": str(tmp_path)}
    with started([sys.executable, "-m", "app", *words], env=environment, cwd=checkout) as watching:
        told = watching.stdout
        assert told is not None
        page.open(f"{entry(told, 'page')['url']}?dock")
        page.until("document.getElementById('state').textContent === 'Live'", patience_s=60)
        page.until("document.querySelectorAll('.line').length > 0", patience_s=60)
        page.evaluate("document.querySelector('[data-command=panic]').click()")
        assert entry(told, "cleared") == {"type": "cleared"}
        assert entry(told, "paused")["at"] > 0
        page.until("document.getElementById('state').textContent === 'Paused'")
        assert page.lines() == []
        page.evaluate("document.querySelector('[data-command=resume]').click()")
        page.until("document.querySelectorAll('.line').length > 0")
        watching.send_signal(signal.SIGINT)
        assert '"line"' in told.read()


@contextmanager
def started(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A program that ends with the test, however that ends."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        assert process.wait(20) == 0


def entry(told: IO[str], kind: str) -> dict:
    """The next object of that type."""
    return next(found for found in map(json.loads, told) if found["type"] == kind)


@pytest.mark.real
@pytest.mark.skipif("COURTSIDE_PICTURES" not in os.environ, reason="set COURTSIDE_PICTURES to a folder to look at them")
def test_pictures_of_page_and_dock(page: Page, served: Served) -> None:
    folder = Path(os.environ["COURTSIDE_PICTURES"])
    served.say(
        Ready("m", "cpu", "f", 1, 1.0), line(0, "Harbour win the ball."), line(1, "Mendez shoots — saved by Åse!")
    )
    for name, address in (("page", "?seconds=0"), ("dock", "?dock")):
        page.open(f"{served.output.url}{address}")
        page.until("document.querySelectorAll('.line').length === 2")
        page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")
        page.picture(folder / f"{name}.png")
