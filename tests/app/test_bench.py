"""The figures of the application itself: short, on the virtual screen."""

import json

import pytest

from app.bench import launch
from app.capture.virtual_screen import some_screen
from app.cli import main

LINE = {"type": "line", "text": ""}


def figures(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]


def test_the_window_and_the_capture_are_watched_from_within(virtual_screen, capsys):
    assert main(["bench", "--quick", "--only", "window,capture"]) == 0
    measured = figures(capsys)
    assert 0 < measured["window_stall_p99"]["value"] <= measured["window_stall_longest"]["value"] < 2000
    assert 0 < measured["capture_1080p_10fps"]["value"] < 100


def test_a_start_is_measured_to_the_window_and_to_the_first_caption(virtual_screen, capsys):
    assert main(["bench", "--quick", "--only", "start"]) == 0
    measured = figures(capsys)
    assert 0.01 < measured["start_version"]["value"] < measured["launch_to_window"]["value"]
    assert measured["launch_to_window"]["value"] < measured["launch_to_caption"]["value"] < 60


def test_silence_is_no_caption(tmp_path):
    file = tmp_path / "match" / "events.jsonl"
    file.parent.mkdir()
    file.write_text(json.dumps(LINE) + "\n" + json.dumps(LINE | {"text": "Goal"}))  # not yet written to its end
    assert not launch.said_anything(tmp_path)
    file.write_text(json.dumps(LINE | {"text": "Goal"}) + "\n")
    assert launch.said_anything(tmp_path)


def test_a_virtual_screen_can_be_large_and_composed(virtual_screen, monkeypatch):
    display = pytest.importorskip("Xlib.display")
    monkeypatch.delenv("DISPLAY")
    with some_screen((1920, 1080), compositor=True):
        screen = display.Display()
        assert (screen.screen().width_in_pixels, screen.screen().height_in_pixels) == (1920, 1080)
        assert screen.get_selection_owner(screen.intern_atom("_NET_WM_CM_S0"))
        screen.close()
