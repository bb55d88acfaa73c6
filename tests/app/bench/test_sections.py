"""The figures of the application itself: short, on the virtual screen."""

import json
import re

from app.cli import main


def figures(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]


def test_the_window_and_the_capture_are_watched_from_within(virtual_screen, capsys):
    assert main(["bench", "--quick", "--only", "window,capture"]) == 0
    measured = figures(capsys)
    assert 0 < measured["window_stall_p99"]["value"] <= measured["window_stall_longest"]["value"] < 2000
    assert 0 < measured["capture_1080p_10fps"]["value"] < 100


def test_every_output_has_somebody_at_its_other_end(virtual_screen, capsys):
    assert main(["bench", "--quick", "--only", "ui"]) == 0
    printed = capsys.readouterr()
    measured = json.loads(printed.out.splitlines()[-1])["figures"]
    assert 0 < measured["ui_stall_p99"]["value"] <= measured["ui_stall_longest"]["value"] < 2000
    told = re.search(r"(\d+) texts to OBS, (\d+) events of the page", printed.out + printed.err)
    assert told is not None
    assert all(int(count) > 0 for count in told.groups())
