"""How fast the application starts."""

import json

from app.bench import launch
from app.cli import main

LINE = {"type": "line", "text": ""}


def figures(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]


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
