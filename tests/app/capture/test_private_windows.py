"""Windows that must never be watched: real ones of other programs, on a real X screen."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.capture.source import Source, SourceNotice
from app.ignore_list import IgnoreList
from core.types import Frame

pytest.importorskip("mss")
pytest.importorskip("Xlib")

NOTHING = IgnoreList((), (), ())
PATIENCE_S = 8.0

needs_xterm = pytest.mark.skipif(shutil.which("xterm") is None, reason="needs xterm")


@pytest.fixture
def started(virtual_screen: Any) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts programs that are ended afterwards."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        environment = virtual_screen.environment()
        processes.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        return processes[-1]

    yield start
    for process in processes:
        process.terminate()
        process.wait(10)


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it never came to be"


def is_private(source: Source) -> bool:
    """Whether the next picture is withheld."""
    taken = source.read()
    assert isinstance(taken, Frame | SourceNotice)
    assert isinstance(taken, Frame) or (taken.private and not taken.title and not taken.message)
    return isinstance(taken, SourceNotice)


def tell(screen: Any, *words: str) -> str:
    """xdotool, as a person's hand."""
    done = subprocess.run(["xdotool", *words], env=screen.environment(), capture_output=True, text=True, check=True)
    return done.stdout.strip()


def number_of(screen: Any, title: str) -> str:
    return tell(screen, "search", "--sync", "--onlyvisible", "--name", f"^{title}$").split()[-1]


XTERM = ("xterm", "-T", "An innocent title", "-geometry", "40x10+300+200")


@needs_xterm
@pytest.mark.parametrize(
    "ignored",
    [
        IgnoreList(titles=("innocent",), classes=(), programs=()),
        IgnoreList(titles=(), classes=("xterm",), programs=()),
        IgnoreList(titles=(), classes=(), programs=("xterm",)),
        IgnoreList(titles=(), classes=(), programs=("-geometry",)),
    ],
    ids=["title", "class", "executable", "option"],
)
def test_a_window_is_known_by_title_class_and_executable(
    started: Any, watched: Any, virtual_screen: Any, ignored: IgnoreList
) -> None:
    source = watched("screen", lambda: ignored)
    assert not is_private(source)
    process = started(*XTERM)
    wait_for(lambda: is_private(source))
    process.terminate()
    wait_for(lambda: not is_private(source))


@pytest.mark.skipif(shutil.which("xmessage") is None, reason="needs xmessage")
def test_a_program_that_does_not_tell_its_process_is_known_all_the_same(
    started: Any, watched: Any, virtual_screen: Any
) -> None:
    source = watched("screen", lambda: IgnoreList((), (), ("xmessage",)))
    started("xmessage", "-center", "hello")
    wait_for(lambda: is_private(source))


@needs_xterm
def test_a_title_that_becomes_private_counts_from_then_on(started: Any, watched: Any, virtual_screen: Any) -> None:
    started(*XTERM)
    number = number_of(virtual_screen, "An innocent title")
    source = watched("screen")
    beside = watched("region:0,0,150,100")
    window = watched("window:An innocent title")
    assert not is_private(source)
    assert not is_private(window)
    tell(virtual_screen, "set_window", "--name", "Mail — Mozilla Firefox Private Browsing", number)
    tell(virtual_screen, "getwindowname", number)  # the server has done it
    assert is_private(source)
    assert is_private(window)
    assert not is_private(beside)
    tell(virtual_screen, "set_window", "--name", "Mail", number)
    wait_for(lambda: not is_private(source))
    wait_for(lambda: not is_private(window))


@needs_xterm
def test_it_counts_while_any_of_it_can_be_seen(started: Any, watched: Any, virtual_screen: Any) -> None:
    started("xterm", "-T", "Bitwarden", "-geometry", "40x10+300+200")
    private = number_of(virtual_screen, "Bitwarden")
    source = watched("screen")
    assert is_private(source)
    tell(virtual_screen, "windowminimize", "--sync", private)
    wait_for(lambda: not is_private(source))
    tell(virtual_screen, "windowactivate", "--sync", private)
    wait_for(lambda: is_private(source))
    started("xterm", "-T", "Game", "-fullscreen")
    tell(virtual_screen, "windowactivate", "--sync", number_of(virtual_screen, "Game"))
    wait_for(lambda: not is_private(source))
    tell(virtual_screen, "windowactivate", "--sync", private)
    wait_for(lambda: is_private(source))
    tell(virtual_screen, "windowmove", "--sync", private, str(virtual_screen.width - 20), "200")
    assert is_private(source)


@needs_xterm
def test_the_list_may_change_meanwhile(started: Any, watched: Any, virtual_screen: Any) -> None:
    lists = [NOTHING]
    started(*XTERM)
    number_of(virtual_screen, "An innocent title")
    source = watched("screen", lambda: lists[-1])
    assert not is_private(source)
    lists.append(IgnoreList(titles=("innocent",)))
    assert is_private(source)
    lists.append(NOTHING)
    wait_for(lambda: not is_private(source))


def test_a_lock_screen_that_no_window_manager_knows(watched: Any, virtual_screen: Any) -> None:
    from Xlib import X
    from Xlib.display import Display

    source = watched("screen")
    display = Display(virtual_screen.display)
    try:
        root = display.screen().root
        lock = root.create_window(0, 0, 1280, 720, 0, 24, X.InputOutput, override_redirect=True)
        lock.set_wm_class("i3lock", "i3lock")
        lock.map()
        display.sync()
        assert not is_private(source)  # of that name only a program counts
        lock.set_wm_name("KeePassXC")
        display.sync()
        assert is_private(source)
    finally:
        display.close()


@needs_xterm
def test_looking_costs_little(started: Any, watched: Any, virtual_screen: Any) -> None:
    from app.capture.private_windows import PrivateWindows

    for place in range(6):
        started("xterm", "-T", f"Number {place}", "-geometry", f"30x8+{place * 60}+{place * 40}")
        number_of(virtual_screen, f"Number {place}")
    private = PrivateWindows(IgnoreList)
    private.on_screen((0, 0, 1280, 720))
    begun = time.process_time()
    for _ in range(200):
        assert not private.on_screen((0, 0, 1280, 720))
    cost_s = (time.process_time() - begun) / 200
    private.close()
    assert cost_s < 0.002, f"{cost_s * 1e3:.2f} ms a look"
