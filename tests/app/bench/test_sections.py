"""The figures of the application itself: short, on the virtual screen."""

import json

from app.cli import main


def figures(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]


def test_the_window_and_the_capture_are_watched_from_within(virtual_screen, capsys):
    assert main(["bench", "--quick", "--only", "window,capture"]) == 0
    measured = figures(capsys)
    assert 0 < measured["window_stall_p99"]["value"] <= measured["window_stall_longest"]["value"] < 2000
    assert 0 < measured["capture_1080p_10fps"]["value"] < 100
