"""Real keys of a real X server reach the application while another program's window has the keyboard."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest

from app.remote.keys import parse_combination
from app.settings import Settings
from app.window.global_keys import GlobalKeys
from app.window.phase import Phase


def press(screen, *keys: str) -> None:
    subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True, env=screen.environment())


@pytest.fixture
def taken(qapp) -> Iterator[tuple[GlobalKeys, list[str]]]:
    heard: list[str] = []
    keys = GlobalKeys(heard.append)
    yield keys, heard
    keys.close()


def chosen(**actions: str) -> dict:
    return {parse_combination(text): action for action, text in actions.items()}


def test_a_key_is_heard_while_another_program_has_the_keyboard(taken, virtual_screen, other_program, qtbot) -> None:
    keys, heard = taken
    other = other_program("#204060")
    virtual_screen.click(640, 300)
    qtbot.waitUntil(lambda: len(other.clicks()) == 1)
    keys.open(chosen(pause="Ctrl+Alt+P", resume="Ctrl+Shift+F9", show="Super+Space"))
    assert keys.refused == []
    press(virtual_screen, "ctrl+alt+p")
    qtbot.waitUntil(lambda: heard == ["pause"])
    press(virtual_screen, "ctrl+shift+F9", "super+space", "p", "ctrl+p", "alt+p")
    qtbot.waitUntil(lambda: heard == ["pause", "resume", "show"])
    qtbot.wait(100)
    assert heard == ["pause", "resume", "show"]


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
def test_a_lock_that_is_on_makes_no_difference(taken, virtual_screen, qtbot, lock: str) -> None:
    keys, heard = taken
    keys.open(chosen(panic="Ctrl+Alt+X"))
    subprocess.run(["xdotool", "key", lock], check=True, env=virtual_screen.environment())
    try:
        subprocess.run(["xdotool", "key", "ctrl+alt+x"], check=True, env=virtual_screen.environment())
        qtbot.waitUntil(lambda: heard == ["panic"])
    finally:
        subprocess.run(["xdotool", "key", lock], check=True, env=virtual_screen.environment())


def test_a_held_key_counts_once(taken, virtual_screen, qtbot) -> None:
    keys, heard = taken
    keys.open(chosen(**{"toggle-pause": "Ctrl+Alt+T"}))
    subprocess.run(["xset", "r", "rate", "200", "50"], check=True, env=virtual_screen.environment())
    subprocess.run(["xdotool", "keydown", "ctrl+alt+t"], check=True, env=virtual_screen.environment())
    try:
        qtbot.waitUntil(lambda: heard == ["toggle-pause"])
        qtbot.wait(600)  # twenty presses of the server's
    finally:
        subprocess.run(["xdotool", "keyup", "ctrl+alt+t"], check=True, env=virtual_screen.environment())
        subprocess.run(["xset", "r", "rate"], check=True, env=virtual_screen.environment())
    assert heard == ["toggle-pause"]
    press(virtual_screen, "ctrl+alt+t", "ctrl+alt+t")
    qtbot.waitUntil(lambda: heard == ["toggle-pause"] * 3)


def test_what_another_program_has_is_said_and_the_rest_works(taken, virtual_screen, qtbot) -> None:
    from Xlib import XK, X
    from Xlib.display import Display

    keys, heard = taken
    with closing(Display(virtual_screen.display)) as rival:
        code = rival.keysym_to_keycode(XK.string_to_keysym("h"))
        rival.screen().root.grab_key(code, X.ControlMask | X.Mod1Mask, False, X.GrabModeAsync, X.GrabModeAsync)
        rival.sync()
        keys.open(chosen(hide="Ctrl+Alt+H", show="Ctrl+Alt+S", mark="Ctrl+Nokey"))
        assert keys.refused == [
            "Ctrl+Alt+H (hide): another program has it; choose another one",
            "Ctrl+Nokey (mark): this keyboard has no key “Nokey”",
        ]
        press(virtual_screen, "ctrl+alt+s")
        qtbot.waitUntil(lambda: heard == ["show"])


def test_keys_that_were_given_back_do_nothing(taken, virtual_screen, qtbot) -> None:
    keys, heard = taken
    keys.open(chosen(pause="Ctrl+Alt+P"))
    keys.close()
    press(virtual_screen, "ctrl+alt+p")
    qtbot.wait(200)
    assert heard == []


def test_the_application_is_paused_and_cleared_from_another_program(
    opened, virtual_screen, other_program, qtbot
) -> None:
    courtside = opened(settings=Settings(keys={"show": "F3", "hide": "Super+H"}))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    qtbot.waitUntil(lambda: "F3" in courtside.window.status.text())  # a bare key
    other_program("#204060")
    virtual_screen.click(20, 20)
    press(virtual_screen, "ctrl+alt+p")
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.PAUSED)
    press(virtual_screen, "ctrl+alt+r")
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    press(virtual_screen, "super+h")
    qtbot.waitUntil(lambda: not courtside.overlay.isVisible())
    courtside.outside.steering.perform("show")
    press(virtual_screen, "ctrl+alt+x")
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.PAUSED and not courtside.overlay.isVisible())
