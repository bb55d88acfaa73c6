"""A session whose program was killed is complete in the library, in its exports and in the player's records."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.library.cues import cues
from app.library.library import Library
from app.session.events import read_session

MAX_RECORDS = 400


def killed(root: Path, environment: dict[str, str], after: int) -> list[str]:
    """Watch the demo match at full pace, and kill -9 once so many records were seen. Returns the lines seen by then."""
    command = [sys.executable, "-m", "app", "watch", "arena:3", "--pace", "max", "--json", "--session", str(root)]
    seen = []
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as watch:
        assert watch.stdout is not None
        for _ in range(after):
            entry = json.loads(watch.stdout.readline())
            if entry["type"] == "line" and entry["text"]:
                seen.append(entry["text"])
        watch.kill()
    return seen


def assert_nothing_is_lost(root: Path, environment: dict[str, str], times: int) -> None:
    chance = random.Random(times)
    for _ in range(times):
        before = set(root.glob("*/"))
        seen = killed(root, environment, chance.randrange(1, MAX_RECORDS))
        (folder,) = set(root.glob("*/")) - before
        session = read_session(folder)
        assert not session.damage
        assert [line.text for line in session.lines][: len(seen)] == seen
        assert [cue.text for cue in cues(session)][: len(seen)] == seen
        with closing(Library(root)) as library:
            assert library.update() == 1
            row = next(row for row in library.sessions() if row.folder == folder.name)
        assert row.lines == len(session.lines)


def test_a_kill_loses_no_line(tmp_path: Path, plain_environment: dict[str, str]) -> None:
    assert_nothing_is_lost(tmp_path, plain_environment, 1)


@pytest.mark.slow
def test_fifty_kills_lose_no_line(tmp_path: Path, plain_environment: dict[str, str]) -> None:
    assert_nothing_is_lost(tmp_path, plain_environment, 50)
